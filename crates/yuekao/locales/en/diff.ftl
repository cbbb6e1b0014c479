### What differs between two schemes

diff-same = The two schemes settle exactly the same.
diff-count = { $count ->
        [one] One difference.
       *[other] { $count } differences.
    }
diff-side = { $subject } · { $about }
diff-before = before: { $said }
diff-after = after: { $said }
diff-called = Called "{ $title }".
diff-noted = Basis
diff-row = { $cells }
diff-order = { $list }
diff-group = group "{ $id }"

## What
about-scheme = general
about-validity = validity
about-participants = participants
about-group = group "{ $title }" ({ $id })
about-exception = unit { $id }
about-cutoff = what counts when
about-indicator = indicator "{ $title }" ({ $id })
about-must-check = must-check "{ $title }"
about-exemption = exemption "{ $title }"
about-item = item "{ $title }" ({ $id })
about-ranking = ranking "{ $title }" ({ $id })
about-award = award "{ $title }" ({ $id })
about-deposit = deposit "{ $title }" ({ $id })
about-bulletin = bulletin

## Which side of it
about-called = name and basis
about-noted = basis
about-order = order
about-title = title
about-host = host
about-legal = legal basis
about-series = series
about-evidence = whose evidence
about-standard = catalogue
about-about = author's remark
about-months = months
about-every = length of a round
about-units = units
about-ranked = ranked or not
about-paid = paid or not
about-window = window
about-findings = when problems count
about-rectification = when rectification counts
about-status-days = when rectification is read
about-example = example
about-points = points
about-heading = heading
about-aspect = aspect
about-block = block
about-must-check-visits = visits
about-exempted = what is exempt
about-how = method
about-first-clause = which clause fits
about-clause = clause "{ $id }"
about-floor-per-indicator = clause "{ $id }", floor per indicator
about-cap-per-indicator = clause "{ $id }", cap per indicator
about-floor = clause "{ $id }", floor
about-cap = clause "{ $id }", cap
about-split = clause "{ $id }", split
about-escalation = escalation "{ $id }"
about-per = normalisation
about-max-deduction = most that is deducted
about-whole = whose facts
about-part = part "{ $id }"
about-reweigh = weight of missing parts
about-change = bonus or deduction of { $unit }
about-step = { $from ->
        [lowest] lowest step
       *[other] step from { $from }
    }
about-below-steps = below the lowest step
about-corner = point at { $x }
about-grade = grade "{ $grade }"
about-weight = weights
about-drop-lowest = lowest values left out
about-drop-highest = highest values left out
about-absent = months without a result
about-missing = missing data
about-scope = scope
about-for = groups
about-max = upper bound
about-min = lower bound
about-full = full mark
about-veto = veto "{ $title }"
about-round = rounding
about-apart = ranked apart
about-ties = ties
about-band = band "{ $id }"
about-award-ranking = its ranking
about-front = place { $place }
about-end = place { $place } from the end
about-when = condition
about-consecutive = rounds in a row
about-within = times within months
about-prizes = number of prizes
about-shared = money of shared places
about-remainder = fen left over
about-fen = rounding of money
about-draw = drawn for "{ $id }"
about-below-zero = below zero
about-return-in = return
about-return = { $from ->
        [lowest] return otherwise
       *[other] return from { $from } on
    }
about-bulletin-evaluation = its name in the text
about-bulletin-number = document letters
about-bulletin-recipients = recipients
about-bulletin-copies = copies
about-bulletin-ranking = leading ranking
about-bulletin-components = items beside the score
about-bulletin-before = score before bonus and deduction
about-bulletin-average = mean
about-bulletin-block = block counted by heading
about-bulletin-red-property = red property
about-bulletin-townships = first and last townships
about-bulletin-departments = departments

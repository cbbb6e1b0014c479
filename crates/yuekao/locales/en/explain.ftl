### A scheme explained: written as articles

## Setting
explain-list-mark = {", "}
explain-article = Article { $number }
explain-source = (basis: { $source })
explain-assumed = [assumed]
explain-assumed-note = { $count ->
        [one] One number or rule of this scheme is
       *[other] { $count } numbers or rules of this scheme are
    } not public or not decided, and assumed by its author; each is marked [assumed].
explain-document = { $title } · explained
explain-quoted = "{ $text }"
explain-percent = { $percent }%
explain-day = { $day } { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    } { $year }
explain-kind = { $kind ->
        [prefecture] prefectures
        [county] counties, county-level cities and districts
        [zone] development zones
        [township] townships and street offices
        [community] communities
        [village] villages
        [compound] residential compounds
        [department] departments
        [handling-unit] handling units
        [grid-unit] units of responsibility grids
        [grid] responsibility grids
       *[other] units of the kind "{ $kind }"
    }
explain-everywhere = all sites
explain-at-sites = the sites { $sites }
explain-in-strata = sites of the stratum { $strata }
explain-pattern = "{ $pattern }" ({ $count ->
        [one] one indicator
       *[other] { $count } indicators
    })

## Titles of the articles
explain-article-general = General
explain-article-validity = Validity
explain-article-participants = Participants
explain-article-cutoff = What counts when
explain-article-indicators = Indicators
explain-article-must-checks = Places that must be checked
explain-article-exemptions = Exemptions
explain-article-items = Scoring
explain-article-rankings = Ranking
explain-article-awards = Awards
explain-article-deposits = Deposits
explain-article-bulletin = Bulletin
explain-article-assumed = Assumptions

## General, validity
explain-title = This is the scheme "{ $title }".
explain-host = It is run by: { $host }.
explain-legal = Basis: { $legal }.
explain-series = Results are kept as the series "{ $series }" for later rounds to look back at.
explain-evidence = It uses the evidence of the series "{ $evidence }" and makes no inspection of its own.
explain-standard = Problems are recognised by "{ $title }" ({ $id }, { $count } indicators).
explain-standard-by-id = Problems are recognised by the catalogue "{ $id }".
explain-about = The author's remark: { $about }
explain-months = It holds from { $from } to { $to } and in no other month.
explain-months-open = It holds from { $from } until further notice, and in no month before.
explain-every-month = There is one round each month.
explain-every-quarter = There is one round each quarter, in its last month, over the whole quarter.
explain-every-half-year = There is one round each half-year, in its last month, over the whole half-year.
explain-every-year = There is one round each year, in December, over the whole year.

## Participants
explain-units-listed = { $count ->
        [one] One unit
       *[other] { $count } units
    }: { $units }.
explain-units-selected = All units that fit: { $conditions }.
explain-select-under = below { $unit }
explain-select-attribute = "{ $name }" is "{ $value }"
explain-group-unranked = They are scored and have no place.
explain-group-unpaid = They have a place and no awards.
explain-unit-ranked = { $unit } has a place.
explain-unit-unranked = { $unit } is scored and has no place.
explain-unit-paid = { $unit } gets awards.
explain-unit-unpaid = { $unit } gets no awards.

## What counts when
explain-window-whole-month = A round runs from the first day of its month, 00:00, to the end of the last.
explain-window-to-day = A round runs from day { $next } of the month before, 00:00, to the end of day { $day }.
explain-findings-found = A problem counts in the round in which it was found.
explain-findings-due = A problem counts in the round in which its time limit ends.
explain-rectification-found = Its rectification counts in the round in which it was found.
explain-rectification-due = Its rectification counts in the round in which its time limit ends.
explain-status-at-end = What has been rectified is read at the end of the round; what happens later is not seen in it.
explain-status-days = What has been rectified is read { $days ->
        [one] one day
       *[other] { $days } days
    } after the end of the round; what happens later is not seen in it.
explain-cutoff-example = For example the round of { $round }: it runs from { $start } to { $end }. A problem found on { $end } and due on { $due } counts in the round of { $finding }; its rectification counts in the round of { $rectification }. For { $round } rectification is read on { $read }, 00:00.

## Indicators, must-checks, exemptions
explain-indicator = Each costs { $amount }.
explain-indicator-heading = Its heading is "{ $name }".
explain-indicator-aspect = Its aspect is "{ $name }".
explain-indicator-block = Its block is "{ $name }".
explain-must-check = Each round needs at least { $count ->
        [one] one visit
       *[other] { $count } visits
    } to sites of the stratum "{ $stratum }" in { $unit }; without them the round is refused.
explain-exemption = From { $from } to { $to }, at { $place }: { $indicators } are recorded and count nowhere.

## Findings and cases
explain-findings-all = all problems
explain-findings-of = problems ({ $conditions })
explain-cases-all = cases, voided ones aside
explain-cases-of = cases ({ $conditions })
match-blocks = of the block { $names }
match-aspects = of the aspect { $names }
match-headings = under the heading { $names }
match-indicators = of the indicator { $names }
match-strata = at sites of the stratum { $names }
match-categories = of the category { $names }
match-severity = severity { $names }
match-found-by = { $names }
match-status = { $names }
match-case-status = { $names }
match-repeated = { $count ->
        [one] seen there once or more before
       *[other] seen there { $count } times or more before
    }
match-failed = { $count ->
        [one] one failed re-check or more
       *[other] { $count } failed re-checks or more
    }
match-relapsed = relapsed
match-not-relapsed = not relapsed
match-extended = extended
match-not-extended = not extended
match-suspended = suspended
match-not-suspended = not suspended
match-returned = returned
match-not-returned = not returned
match-reworked = reworked
match-not-reworked = not reworked
match-voided = voided
word-severity = { $word }
word-found-by = { $word ->
        [agency] found by the agency
        [citizen] reported by citizens
        [leader] pointed out by a leader
        [media] exposed by the media
        [province] found by the province
        [own] found by the unit itself
       *[other] { $word }
    }
word-status = { $word ->
        [on_time] rectified in time
        [late] rectified late
        [overdue] overdue
        [pending] not due yet
       *[other] { $word }
    }
word-case-status = { $word ->
        [on_time] handled in time
        [late] handled late
        [overdue] overdue
        [pending] not due yet
       *[other] { $word }
    }
by-found = found in the round
by-due = due in the round
case-by-load = in hand in the round (dispatched before its end, not handled before its start)
case-by-dispatched = dispatched in the round
case-by-due = due in the round
case-by-handled = handled in the round

## Deductions
explain-deduct = It starts with { $start } points; problems { $by } cost points:
explain-first-clause = Each problem falls under the first clause that fits.
explain-clause = { $findings }: each costs { $amount }.
explain-clause-titled = { $title } – { $findings }: each costs { $amount }.
explain-amount-points = { $points ->
        [one] { $points } point
       *[other] { $points } points
    }
explain-amount-indicator = the points of the catalogue
explain-amount-by-severity = points by severity ({ $list })
explain-severity-points = { $severity } { $points }
explain-floor-per-indicator = An indicator that costs anything costs at least { $bound }.
explain-cap-per-indicator = An indicator costs at most { $bound }.
explain-floor = If the clause costs anything it costs at least { $bound }.
explain-cap = The clause costs at most { $bound }.
explain-split = A second responsible unit bears { $bound }%.
explain-escalation-add = { $title } – { $findings }: each costs { $amount } more.
explain-escalation-replace = { $title } – { $findings }: each costs { $amount } instead.
explain-escalation-times = { $title } – { $findings }: the points of each are multiplied by { $factor }.
explain-per-visit = The deductions are divided by the number of visits and multiplied by { $amount }.
explain-per-site = The deductions are divided by the number of sites visited and multiplied by { $amount }.
explain-per-km = The deductions are divided by the kilometres walked and multiplied by { $amount }.
explain-max-deduction = At most { $most } points are deducted in all.

## Other kinds of items
explain-count-findings = The number of { $findings } { $by }.
explain-count-cases = The number of { $cases } { $by }.
explain-count-visits = The number of visits in the round ({ $where }).
explain-count-sites = The number of different sites visited in the round ({ $where }).
explain-count-km = The kilometres walked in the round ({ $where }).
explain-count-whole = Of all participants together.
explain-ratio = "{ $of }" divided by "{ $to }".
explain-ratio-percent = "{ $of }" as a percentage of "{ $to }".
explain-ratio-scaled = "{ $of }" divided by "{ $to }", times { $scale }.
explain-measure = The outside value "{ $key }".
explain-measure-whole = The outside value "{ $key }" of the whole city.
explain-attribute = "{ $name }" of the unit.
explain-sum-percent = The sum of these, each by its weight:
explain-sum-times = The sum of these, each times its factor:
explain-sum-plain = The sum of:
explain-head-item = Item
explain-head-weight = Weight
explain-head-times = Factor
explain-reweigh = The weight of a missing part is borne by the others in proportion.
explain-adjust = "{ $of }", changed for these units; both figures are published:
explain-adjust-more = { $unit }: plus { $points }.
explain-adjust-less = { $unit }: minus { $points }.
explain-steps = By steps of "{ $of }":
explain-step = From { $from } on: { $value }.
explain-step-rising = From { $from } on: { $value }, and { $slope } more for each 1 beyond.
explain-step-falling = From { $from } on: { $value }, and { $slope } less for each 1 beyond.
explain-step-below = Below all of these: { $value }.
explain-below-steps = Below the lowest step the value is not known.
explain-linear = By "{ $of }" on straight lines between these points, and level beyond the first and the last:
explain-corner = At { $x }: { $y }.
explain-grades = The mean weight of the grades that visits gave for "{ $key }", times { $full }:
explain-grade = "{ $grade }" weighs { $weight }.
explain-over = The { $aggregate } of "{ $of }" over { $members }.
members-visits = the unit's visits in the round
members-visits-of = the unit's visits in the round to sites of the stratum { $strata }
members-children = its { $kind }
members-group = the units of its group
members-all = all participants
aggregate-mean = mean
aggregate-sum = sum
aggregate-min = smallest value
aggregate-max = greatest value
aggregate-median = median
aggregate-weighted = weighted mean
explain-weight-length = Weighted by the length walked.
explain-weight-attribute = Weighted by "{ $name }".
explain-drop-lowest = { $count ->
        [one] The lowest value is
       *[other] The { $count } lowest values are
    } left out first.
explain-drop-highest = { $count ->
        [one] The highest value is
       *[other] The { $count } highest values are
    } left out first.
explain-change-month = How much "{ $of }" is above last month (below: negative).
explain-change-month-percent = By how many percent "{ $of }" is above last month (below: negative).
explain-change-year = How much "{ $of }" is above the same month last year (below: negative).
explain-change-year-percent = By how many percent "{ $of }" is above the same month last year (below: negative).
explain-period = The { $aggregate } of "{ $of }" over { $span }.
explain-period-of-series = The { $aggregate } of "{ $of }" of the series "{ $series }" over { $span }.
span-months = { $count } months up to this one
span-quarter = the quarter up to this month
span-half-year = the half-year up to this month
span-year = the year up to this month
explain-month-weights = The months weigh, oldest first, { $weights }.
explain-absent-skip = Months without a result are left out.
explain-absent-missing = If one month has no result the value is not known.
explain-rank = The place by "{ $of }" among { $among } ({ $best }).
explain-rank-end = The place from the end by "{ $of }" among { $among } ({ $best }).
explain-best-high = high is better
explain-best-low = low is better
explain-result = The result "{ $item }" of the series "{ $series }" in the same month.
explain-result-last = The result "{ $item }" of the series "{ $series }" in the month before.
explain-formula = By formula: { $formula }.

## Missing values, bounds, rounding
explain-missing-refuse = If it is not known, the round is refused.
explain-missing-stated = If it is not known, it is { $value }.
explain-missing-item = If it is not known, it is "{ $item }".
explain-missing-pass = If it is not known, it stays empty.
explain-scope-child = Worked out for each lower unit, to be collected.
explain-scope-visit = Worked out for each visit, to be collected.
explain-for = Only for { $groups }.
explain-max = At most { $bound }.
explain-min = At least { $bound }.
explain-full = Full mark { $mark }; more is cut to it, less than zero is zero.
explain-full-above = Full mark { $mark }; it may be exceeded, less than zero is zero.
explain-full-below-zero = Full mark { $mark }; more is cut to it, it may be negative.
explain-full-open = Full mark { $mark }; it may be exceeded and may be negative.
explain-veto = Veto "{ $title }": if { $when }, the value is { $set }.
explain-round = The result is { $rounding }.
rounding-half-up = { $digits ->
        [0] rounded to whole numbers, halves up
        [one] rounded to { $digits } decimal, halves up
       *[other] rounded to { $digits } decimals, halves up
    }
rounding-half-even = { $digits ->
        [0] rounded to whole numbers, halves to even
        [one] rounded to { $digits } decimal, halves to even
       *[other] rounded to { $digits } decimals, halves to even
    }
rounding-down = { $digits ->
        [0] cut to whole numbers
        [one] cut to { $digits } decimal
       *[other] cut to { $digits } decimals
    }
rounding-up = { $digits ->
        [0] raised to whole numbers
        [one] raised to { $digits } decimal
       *[other] raised to { $digits } decimals
    }

## Formulas and conditions
term-attribute = "{ $name }" of the unit
term-score = the score
term-place = the place
term-last = the place from the end
term-ranked = the number of ranked units
term-negative = −{ $a }
term-plus = { $a } + { $b }
term-minus = { $a } − { $b }
term-times = { $a } × { $b }
term-over = { $a } ÷ { $b }
term-least = the smallest of { $list }
term-greatest = the greatest of { $list }
term-abs = { $a } without its sign
term-floor = { $a } rounded down
term-ceil = { $a } rounded up
term-round = { $a } rounded to { $digits } decimals
term-given = { $a } (if not known: { $b })
term-if = { $a } if { $when }, otherwise { $b }
term-parentheses = ({ $a })
term-equal = { $a } is { $b }
term-not-equal = { $a } is not { $b }
term-less = { $a } is below { $b }
term-at-most = { $a } is at most { $b }
term-more = { $a } is above { $b }
term-at-least = { $a } is at least { $b }
term-present = { $a } is known
term-and = { $a } and { $b }
term-or = { $a } or { $b }
term-not = not ({ $a })

## Ranking
explain-ranking = Ranked by "{ $of }", { $best }.
explain-ranking-groups = Only { $groups } are ranked.
explain-apart-group = Each group is ranked apart.
explain-apart-parent = The units of each parent are ranked apart.
explain-by-rounded = The published score is { $rounding }; it decides the place.
explain-by-exact = The published score is { $rounding }; the exact score decides the place.
explain-ties-share = Equal scores share a place, and the next places stay empty (1, 1, 3).
explain-ties-dense = Equal scores share a place, and no place stays empty (1, 1, 2).
explain-ties-listed = Equal scores stand in the order of the participants.
explain-ties-then = Between equal scores these decide in turn: { $criteria }; what is still equal shares a place, and the next places stay empty.
explain-criterion = "{ $item }" ({ $best })
explain-band = { $title }: { $conditions }.
explain-band-from = score { $from } or more
explain-band-first = { $count ->
        [one] the first place
       *[other] the first { $count } places
    }
explain-band-share = the first { $percent }% of the places
explain-band-rest = { $title }: the others.
explain-veto-last = Veto "{ $title }": if { $when }, the unit stands last.
explain-veto-unranked = Veto "{ $title }": if { $when }, the unit has no place.
explain-veto-unpaid = Veto "{ $title }": if { $when }, the unit gets no awards.

## Awards and deposits
money-reward = { $money } reward
money-charge = { $money } charged
money-reward-fen = { $fen } fen reward
money-charge-fen = { $fen } fen charged
explain-award-ranking = By "{ $ranking }":
explain-award = { $who }: { $what }.
who-front = place { $place }
who-end = { $place ->
        [1] last
        [2] last but one
        [3] last but two
       *[other] place { $place } from the end
    }
who-band = units in "{ $band }"
who-every = every participant
what-by-place = by place
what-each = { $money } for each 1 of "{ $item }"
what-percent = { $percent }% of "{ $item }" (yuan) as a reward
what-percent-charged = { $percent }% of "{ $item }" (yuan) charged
what-fund = { $money } in all, in proportion to "{ $item }"
what-plaque = a plaque "{ $name }"
what-flag = the red flag "{ $name }"
what-certificate = a certificate "{ $name }"
what-title = the title "{ $name }"
what-duty = { $name }
explain-award-when = Condition: { $when }.
explain-consecutive = Only after { $rounds } rounds in a row.
explain-within = Only after { $times } times within { $months } months.
explain-prizes = { $count ->
        [one] At most one, by place.
       *[other] At most { $count }, by place.
    }
explain-shared-divide = Those who share a place divide the money of the places that they take together.
explain-shared-each = Those who share a place each have its full amount.
explain-shared-none = Those who share a place have nothing.
explain-remainder-host = Fen left over stay with the host.
explain-remainder-first = Fen left over go one by one to the best placed.
explain-fen-half-up = Amounts are rounded to the fen.
explain-fen-down = Amounts are cut to the fen.
explain-deposit = Each participant pays in { $money }.
explain-draw = For each 1 of "{ $item }": { $money }.
explain-below-zero = It may go below zero; the unit then owes.
explain-stops-at-zero = It stops at zero.
explain-no-return = Nothing is returned; the balance is carried on.
explain-return-in = After the round of month { $months } of the year the balance is returned:
explain-return-by-score = After the round of month { $months } of the year the balance is returned by the score of "{ $ranking }":
explain-return = From { $from } on: { $percent }%.
explain-return-rest = Otherwise: { $percent }%.

## Bulletin
explain-bulletin-evaluation = In the text it is called "{ $name }".
explain-bulletin-number = The letters of its document number are "{ $number }".
explain-bulletin-recipients = To: { $names }.
explain-bulletin-copies = Copies to: { $names }.
explain-bulletin-ranking = "{ $ranking }" leads.
explain-bulletin-components = Published beside it: { $items }.
explain-bulletin-before = The score before bonus and deduction, "{ $item }", is published too.
explain-bulletin-average = The mean of "{ $item }" and its change are published.
explain-bulletin-block = Problems of the block { $block } are counted by heading.
explain-bulletin-red-property = The section on red property has the mean of "{ $average }", the problems of the block { $block } and the results of the series "{ $series }" by "{ $by }".
explain-bulletin-townships = The first and the last of each county in the series { $series } are named.
explain-bulletin-departments = The departments come from the series "{ $series }": "{ $rate }" is "{ $numerator }" divided by "{ $denominator }"; { $counts } are published with it.

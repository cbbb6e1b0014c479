### Where a score comes from: what each line is

working-item = { $title }
working-missing-replaced = not known, replaced as the rules say
working-stated-value = value stated for this case
working-max = cut to the upper bound
working-min = raised to the lower bound
working-full = cut to the full mark
working-zero = below zero, raised to zero
working-bound = bound
working-veto = veto: { $title }
working-veto-value = value after the veto
working-round = { $digits ->
        [0] rounded to a whole number
        [one] rounded to { $digits } decimal
       *[other] rounded to { $digits } decimals
    }
working-ratio = ratio
working-scale = scale
working-measure = outside value "{ $key }"
working-adjust = bonus or deduction
working-change = this round less the earlier one
working-share = share
working-percent = as a percentage
working-result = "{ $name }" of { $month } ({ $series })
working-attribute = "{ $attribute }" of { $unit }

## Deductions
working-start = start value
working-deduction = deductions together
working-max-deduction = deductions cut to their maximum
working-indicator = { $title }
working-clause = clause "{ $title }"
working-findings = findings of "{ $title }": { $severity }, { $found_by ->
        [agency] found by the agency
        [citizen] reported by citizens
        [leader] pointed out by a leader
        [media] exposed by the media
        [province] found by the province
        [own] found by the unit itself
       *[other] { $found_by }
    }, { $status ->
        [on_time] rectified in time
        [late] rectified late
        [overdue] overdue
        [pending] not due yet
       *[other] { $status }
    }
working-class = deducted for findings of one class
working-points = points for each
working-escalation = escalation: { $title }
working-escalation-amount = points or factor of the escalation
working-share-of-two = share borne
working-visits = visits
working-sites = sites visited
working-km = kilometres walked
working-per-amount = for so many
working-scaled = before division
working-per = normalised deduction
working-floor = raised to the floor
working-cap = cut to the cap

## Sums
working-weight = weight
working-times = factor
working-part = counted: { $of }

## Steps and lines
working-no-step = no step reaches down to it
working-step = the step from { $from } on
working-beyond = beyond its beginning
working-from = beginning
working-slope = for each unit
working-rise = for what lies beyond
working-corner = value at the point

## Grades
working-grade-count = visits with grade "{ $grade }"
working-grade-weight = weight of the grade
working-grade = grade "{ $grade }"
working-grades = grades together
working-graded-visits = visits with a grade
working-out-of = full mark

## Units, visits, months
working-member = { $name }
working-length = length of { $name }
working-month = { $month }
working-weight-of-month = weight of { $month }
working-sum = sum
working-members = how many
working-weighted = weighted
working-weights = weights together

## How it comes about
operation-sum = sum
operation-difference = the first less the others
operation-product = product
operation-quotient = the first divided by the second
operation-least = smallest
operation-greatest = greatest
operation-median = median
operation-instead = the last instead
operation-round = rounded
operation-place = how many are better than the first, plus one
operation-formula = by formula

## In print
working-unknown = not known
working-photo = photo, SHA-256 { $digest }
working-head = { $unit } ({ $code }), { $month }, "{ $title }"
working-no-unit = There is no unit "{ $unit }". The participants of this round are: { $known }.
working-no-item = There is no item "{ $item }". Items to look at: { $known }.
working-not-for-unit = The item "{ $item }" is not for { $unit }.

### Why a month cannot be evaluated

refusal-scheme-not-valid-in-month = The scheme "{ $scheme }" has no round in { $month }. Use the scheme that holds then; to see what would be, try yuekao what-if.
refusal-standard-missing = The scheme needs the catalogue "{ $standard }", which was not given. Name its file with --standard.
refusal-unknown-unit = The participant "{ $unit }" is not among the units. Add it to units.csv, or correct the scheme.
refusal-unit-in-two-groups = The unit "{ $unit }" falls into two groups. Correct the conditions of the groups so that each unit is in one.
refusal-no-participants = No unit fits the scheme's groups. Check kind, parent and attributes in units.csv.
refusal-fact-of-unknown-unit = "{ $fact }" belongs to the unit "{ $unit }", which is not among the units. Add it to units.csv, or correct the row.
refusal-must-check-missing = "{ $title }" was not checked enough: { $unit } has { $visits } visits to "{ $stratum }" in this round and needs at least { $least }. Make the visits first.
refusal-value-missing = "{ $title }" ({ $item }) of { $unit } is not known, so the month is refused. Add the data; if they may be missing, say in the scheme with missing what happens then.
refusal-no-points-for-severity = There is a { $severity } finding of the indicator "{ $indicator }", and the clause "{ $clause }" has no points for it. Add the points to the scheme or the catalogue, or correct the severity.
refusal-unknown-grade = A visit to { $unit } has the grade "{ $grade }" ({ $key }), which the scheme does not list. Correct the visit, or add the grade to the scheme.
refusal-attribute-not-a-number = The attribute "{ $attribute }" of { $unit } is "{ $text }", which is no number. Correct units.csv.
refusal-quantity-missing = The award "{ $award }" needs "{ $item }" of { $unit }, which is not known. Add the data.
refusal-negative-quantity = The award "{ $award }" divides its fund by "{ $item }", which is negative ({ $value }) for { $unit }. Correct the data, or use another item.
refusal-opening-balance-missing = The deposit "{ $deposit }" lacks the balance of { $unit } at the end of { $month }. Evaluate the earlier round first, or add deposit.{ $deposit } to results.csv.
refusal-too-much-money = The award "{ $award }" gives { $unit } more money than an account can hold. Check the amounts of the scheme and the data.

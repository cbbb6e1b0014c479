### What is wrong in a scheme file: where, and what to do

## Names
scheme-bad-name = This identifier cannot be used.
scheme-expected-name = a small letter, then small letters, digits and underscores, such as "field_2"
scheme-expected-file-id = small letters, digits, hyphens and underscores, such as "xianning-2022"
scheme-expected-one-of = one of: { $names }
scheme-unknown-item = There is no item "{ $name }". Correct the identifier, or add the item with [[item]].
scheme-unknown-group = There is no group "{ $name }". Correct the identifier, or add the group with [[group]].
scheme-unknown-ranking = There is no ranking "{ $name }". Correct the identifier, or add the ranking with [[ranking]].
scheme-unknown-band = The award "{ $award }" names the band "{ $band }", which its ranking does not have. Add it there with [[ranking.band]], or correct the identifier.
scheme-unknown-indicator = There is no indicator "{ $indicator }". Correct the identifier, or add it to the catalogue (or as [[indicator]] in this file).
scheme-unknown-heading = There is no heading "{ $name }". Correct the identifier, or add it to the catalogue.
scheme-unknown-aspect = There is no aspect "{ $name }". Correct the identifier, or add it to the catalogue.
scheme-unknown-block = There is no block "{ $name }". Correct the identifier, or add it to the catalogue.
scheme-standard-not-found = The catalogue "{ $standard }" was not found. Name its folder with --standards, or correct standard.

## Numbers and dates
scheme-out-of-range = This whole number is out of range.
scheme-expected-between = a whole number from { $least } to { $most }
scheme-bad-day = This is no date.
scheme-expected-day = a date, such as "2021-11-22"
scheme-bad-place = A place is a whole number from 1 on. Correct it.
scheme-bad-month-of-year = A month of the year is a whole number from 1 to 12. Correct it.
scheme-not-whole-fen = An amount cannot be finer than one fen. Write 5000 or 0.05.
scheme-ends-before-it-begins = It ends before it begins. Correct the dates.

## Validity
scheme-months-overlap = The scheme "{ $other }" of the same series "{ $series }" also holds from { $month } on. An evaluation has one scheme in each month: correct the months of one of them.

## Participants
scheme-no-participants = Nobody takes part. Write the participants as [[group]].
scheme-units-or-select = A group either lists units or has a select. Add one, or delete one.
scheme-empty-selection = The select has no condition and would take all units. Give kind, under or attributes.
scheme-unit-in-two-groups = The unit "{ $unit }" is in another group already. A unit is in one group only: delete it in one of them.
scheme-not-a-participant = The unit "{ $unit }" does not take part. Correct its code, or add it to a group.

## Items
scheme-needs-rows = "{ $key }" has no row. Write at least one.
scheme-circle = The item "{ $item }" needs "{ $other }", which needs "{ $item }" again, itself or by others: a circle. Remove one of the references.
scheme-names-itself = The item "{ $item }" is worked out from itself. Correct the item that it names.
scheme-wrong-scope = The item "{ $item }" and "{ $other }", which it names, are of different scopes. Correct scope, or collect the lower values with how = "over".
scheme-needs-unit-scope = Only items of participants can stand here, and "{ $item }" belongs to lower units or single visits. Collect it with how = "over" first.
scheme-kind-not-in-scope = This kind of item ("{ $item }") does not exist for lower units or single visits. Correct scope or how.
scheme-change-needs-months = The item "{ $item }" compares with last month or last year; only a monthly scheme can. Use how = "period", or delete it.
scheme-not-for-group = The item "{ $item }" is for the group "{ $group }", but "{ $other }", which it names, is not. Correct their for.
scheme-weights-do-not-sum = The weights of "{ $item }" for the group "{ $group }" sum to { $sum } and must sum to 100. Correct the weights of its parts.
scheme-reweigh-without-percent = absent = "reweigh" goes with weights = "percent" only. Correct it.
scheme-clause-never-fires = The clause "{ $clause }" of "{ $item }" can never fire: "{ $earlier }" above it takes everything that it could take. Move it up, or delete it.
scheme-severity-without-points = The clause "{ $clause }" of "{ $item }" lacks points for some severity; a finding of that severity refuses the month. Add minor, general and serious, or restrict severity in match.
scheme-per-amount-without-per = There is per_amount without per. Say whether visit, site or km is meant, or delete it.
scheme-step-twice = Two steps of "{ $item }" begin at the same point. Delete one, or correct from.
scheme-slope-without-from = This step of "{ $item }" has no from and cannot have a slope. Add from, or delete slope.
scheme-corners-not-rising = The first numbers of the points must rise. Correct their order.
scheme-corner-not-a-pair = A point is a pair of numbers, such as [90, 100]. Correct it.
scheme-period-weights = There must be as many weights as the span has months. Correct them.
scheme-flag-without-full = There is above_full or below_zero without full. Add the full mark, or delete the flag.
scheme-full-not-positive = The full mark of "{ $item }" must be above zero. Correct full.
scheme-min-above-max = The min of "{ $item }" is above its max. Correct one of them.
scheme-floor-above-cap = A floor of this clause of "{ $item }" is above its cap. Correct one of them.
scheme-split-not-a-percentage = The split of "{ $item }" must lie between 0 and 100. Correct it.
scheme-item-never-used = Nothing uses the item "{ $item }". Delete it, or collect it with how = "over".

## Rankings and awards
scheme-ties-then = ties = "then" and then = [ … ] go together. Add the one that is missing, or delete both.
scheme-band-never-reached = The band "{ $band }" can never be reached: "{ $earlier }" above it takes all who could enter it. Change their order, from or quota.
scheme-award-who = Say who gets the award: one of { $keys } (yuan_by_place and yuan_by_last may stand together, and so may places and lasts).
scheme-award-what = Say what the award is: exactly one of { $keys }; none of them if amounts are given by place.
scheme-every-is-true-or-left-out = every can only be true. Delete the line if not everybody is meant, and say who is.
scheme-place-cannot-exist = The award "{ $award }" is for place { $place }, but its ranking has at most { $ranked }. Correct the place, or add participants.
scheme-places-overlap = The award "{ $award }" names more places from the front and from the end than the { $ranked } that are ranked: somebody would be rewarded and charged. Please check.
scheme-shared-missing = The award "{ $award }" does not say what a shared place means for its money. Write shared = "divide" (put together and divided), "each" (all in full) or "none" (nobody).
scheme-shared-without-places = The award "{ $award }" does not pay by place and needs no shared. Delete it.
scheme-repetition-without-places = consecutive and within (award "{ $award }") go with awards by place only. Use places or lasts, or delete them.
scheme-remainder-missing = The money of the award "{ $award }" is divided, and nothing says who has the fen left over. Write remainder = "host" (they stay with the host) or "first" (the best placed).
scheme-negative-fund = The fund of the award "{ $award }" cannot be negative. Correct it.
scheme-more-times-than-months = More times than months can never be. Correct times or months.
scheme-return-without-ranking = A return by score must name the ranking whose score is meant. Add ranking.

## Formulas
formula-bad-number = This number cannot be read. Write 12 or 0.5.
formula-expected = The formula needs "{ $sign }" here. Add it.
formula-expected-comparison = The formula needs a comparison here, such as >= 60. Add it.
formula-expected-digits = The second number of round is how many decimals: a whole number from 0 to 20. Correct it.
formula-expected-value = The formula needs a number, the identifier of an item or a parenthesis here. Add it.
formula-left-over = The formula should end here. Add an operator, or delete the rest.
formula-strange-character = "{ $character }" has no meaning in a formula. Use + - * / ( ) , = != < <= > >= only.
formula-too-deep = The formula is nested too deeply. Split it into several items.
formula-unknown-function = There is no function "{ $name }". There are min, max, abs, floor, ceil, round, given, if and present.
formula-unknown-name = "{ $name }" is no item. Correct it; attributes of units are written unit.NAME, and score, place, last, ranked stand in conditions of awards only.

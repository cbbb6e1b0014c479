### Catalogues of indicators

## What is wrong in a catalogue
standard-ends-before-it-begins = The last month lies before the first. Correct months.
standard-no-indicator = There is no indicator. Write indicators as [[indicator]].
standard-no-exemption = There is no exemption. Write exemptions as [[exemption]].
standard-unused = No indicator uses "{ $id }". It can be deleted.
standard-no-points = There are no points. Give points for at least one severity (minor, general, serious).
standard-points-not-positive = Points must be above zero.
standard-points-not-rising = A graver severity must not cost fewer points.
standard-observe-or-measure = Write either observe (what to look at) or measure (what to measure).
standard-thresholds-not-in-order = The thresholds do not go from light to grave: with worse = "high" they rise, with "low" they fall.
standard-thresholds-unlike-points = Thresholds and points are not given for the same severities.
standard-limit-out-of-range = A limit lies between 1 and 366.
standard-bad-category = A category is written layout/kind/code, such as gb30428/event/0406.
standard-unknown-category = The category data have no "{ $category }". See data/categories.csv.
standard-unknown-condition = The case standards have no "{ $condition }". See data/case_standards.csv.
standard-condition-of-other-category = The condition "{ $condition }" does not belong to the category "{ $category }".
standard-unknown-indicator = The catalogue "{ $standard }" has no indicator "{ $indicator }".

## Words
quality-clean = clean
quality-tidy = tidy
quality-orderly = orderly
quality-safe = safe
severity-minor = minor
severity-general = general
severity-serious = serious
limit-work_hour = { $value ->
        [one] { $value } working hour
       *[other] { $value } working hours
    }
limit-work_day = { $value ->
        [one] { $value } working day
       *[other] { $value } working days
    }
limit-urgent_hour = { $value ->
        [one] { $value } urgent hour (the clock runs on)
       *[other] { $value } urgent hours (the clock runs on)
    }
limit-urgent_day = { $value ->
        [one] { $value } urgent day (the clock runs on)
       *[other] { $value } urgent days (the clock runs on)
    }
limit-calendar_day = { $value ->
        [one] { $value } calendar day
       *[other] { $value } calendar days
    }
measure-mm = mm
measure-cm = cm
measure-m = m
measure-cm2 = cm²
measure-m2 = m²
measure-m3 = m³
measure-g_per_m2 = g/m²
measure-piece = pieces
measure-percent = %
measure-degree = degrees
measure-db = dB
measure-minute = minutes
measure-day = days

## Commands
standard-list-line = { $id } { $title } (from { $from }{ $to ->
        [open] {""}
       *[other] {" "}to { $to }
    }), { $count } indicators
standard-no-such = There is no "{ $id }". See yuekao standard list, or give the path of a file.
standard-no-such-list = The catalogue "{ $standard }" has no outer standard "{ $outer }". It has: { $known }.
standard-assumed = {" "}(assumed)
standard-pair = { $name }: { $value }
standard-list-separator = |, |
standard-severity = Costs
standard-requirement = Requirement
standard-method = Method
standard-observed = look: { $what }
standard-measured = measure: { $what } ({ $unit })
standard-from = { $severity }: from { $threshold } on, { $points } points
standard-below = { $severity }: below { $threshold }, { $points } points
standard-judged = { $severity }: { $points } points
standard-limit = Limit
standard-line = Line
standard-heading = Heading
standard-aspect = Aspect
standard-quality = For
standard-opens = Case category
standard-opens-within = { $case } (limit in the data: { $limit })
standard-opens-nothing = none: served without a case
standard-serves = Also serves
standard-serves-none = none
standard-coverage-title = How the catalogue "{ $title }" covers outer standards
standard-coverage-not-obtained = { $title }: not obtained. The list is not public; once you have it, run yuekao standard import-outer { $id } FILE. { $serving } indicators say that they serve it.
standard-coverage-counts = { $title }: { $items } items, { $covered } covered, { $open } not covered.
standard-coverage-open = not covered: { $item } { $title }
standard-coverage-by = covered: { $item } { $title } ← { $indicators }
standard-coverage-unknown-item = The indicator "{ $indicator }" says that it serves "{ $item }", which is not in the list.
standard-imported = Imported { $title }: { $items } items, kept in { $file }.
standard-imported-before = { $file } already has the same content; nothing was changed.
standard-import-refused = The list has { $faults } { $faults ->
        [one] fault
       *[other] faults
    }; nothing was imported.

## Lists of outer standards
outer-item-missing = The item has no number.
outer-item-twice = The item number "{ $item }" is used already in row { $row }.
outer-title-missing = The Chinese title is missing.
outer-column-missing = The column "{ $column }" is missing. The header is item,group,title_zh,title_en,points,indicators.
outer-column-unknown = The column "{ $column }" is not known. The header is item,group,title_zh,title_en,points,indicators.
outer-bad-points = The points are no number.
outer-empty = The list has no items.

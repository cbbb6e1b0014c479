### Evidence files: import, export, templates

evidence-fault-in-cell = { $sheet } row { $row }, column “{ $column }”{ $text ->
        [none] {""}
       *[other] {" "}“{ $text }”
    }: { $message }{ $expected ->
        [none] {""}
       *[other] {" "}Expected: { $expected }
    }
evidence-fault-in-row = { $sheet } row { $row }: { $message }
evidence-fault-in-sheet = { $sheet }: { $message }

## The file as a whole
evidence-unreadable = { $name } cannot be read. Check the path and the permissions.
evidence-nothing-there = There is no evidence file in { $name }. It needs units.csv, findings.csv and so on; yuekao template writes templates.
evidence-not-a-zip = { $name } is no sound ZIP file. Pack it again.
evidence-file-twice = { $name } holds { $file } twice. Keep only one.
evidence-too-large = { $name } is larger than { $megabytes } MB (also counted unpacked) and was not read. Split it and import the parts.
evidence-not-a-text-file = { $name } is no table of text. Save it as CSV (UTF-8 or GBK) or XLSX.
evidence-damaged-utf8 = The encoding of { $name } is damaged from line { $line } on. Export the file again.
evidence-old-excel = { $name } is an old .xls file or protected by a password. Remove the password and save it as .xlsx.
evidence-not-a-workbook = { $name } is no sound XLSX workbook. Open it in a spreadsheet program and save it again.
evidence-too-wide = Cell { $cell } of sheet { $name } is too far right: a table has at most 256 columns. Delete what does not belong there.
evidence-not-csv = { $name } is no sound CSV file. Check that quotes come in pairs.

evidence-sheet-unknown = This sheet is not known and was not read. Its name or its header must be that of the template.
evidence-kind-unknown = It cannot be told what kind of data { $name } holds. The header must be that of the template; yuekao template writes it.
evidence-template-empty = There is no row of data in { $name }: the template is not filled in.
evidence-not-a-photo = { $name } is no sound photo (JPEG or PNG), or it is too large.
evidence-photos = Photos

## Header
evidence-column-missing = The required column “{ $column }” is missing. Add it as in the template.
evidence-column-twice = The column “{ $column }” stands there twice. Keep only one.
evidence-column-unknown = The column “{ $column }” is not known and was not read.

## Cells
evidence-empty = Must not be empty.
evidence-not-an-id = Cannot be an identifier: too long, or with control characters.
evidence-not-a-text = The text is too long, or has control characters.
evidence-live-text = Must not begin with =, +, - or @: a spreadsheet would take it for a formula. Write it differently.
evidence-not-a-number = Not a number.
evidence-a-number = 94.68, 1/3 or 33.3%
evidence-not-a-length = Not a length.
evidence-a-length = metres as a number, not below 0
evidence-not-a-count = Not a count.
evidence-a-count = a whole number: 0, 1, 2
evidence-not-yes-or-no = Neither yes nor no.
evidence-yes-or-no = 1 or 0 (yes, no)
evidence-not-a-time = Not a time.
evidence-a-time = 2022-12-05T09:30
evidence-not-a-month = Not a month.
evidence-a-month = 2022-12
evidence-not-a-word = There is no such choice.
evidence-one-of = one of { $words }
evidence-not-pairs = Not pairs of “name=value”.
evidence-pairs = name=value;name=value, each name once
evidence-not-digests = Not digests of photos.
evidence-digests = SHA-256 of the photo file, 64 hexadecimal digits; several are separated by “;”
evidence-not-degrees = Not degrees.
evidence-degrees = degrees as a decimal, for instance 114.317218
evidence-half-a-position = Give both longitude and latitude, or neither.
evidence-day-only = Only a day: taken as { $taken }.
evidence-not-a-share = Not a share.
evidence-a-share = 16.42%
evidence-not-a-datum = Not a known reference system.
evidence-a-datum = WGS84, CGCS2000, GCJ-02 or BD-09
evidence-swapped-position = Longitude and latitude are the wrong way round.
evidence-not-in-china = Not in China. Check the coordinates and their reference system.
evidence-merged-cells = Merged cells: it cannot be told to which row the data belong. Unmerge them and fill in every row.
evidence-formula-without-value = A formula without a result. Open the file, recalculate and save it, or write the value.
evidence-formulas =
    { $count ->
        [one] One cell is a formula ({ $cell }); its result was read, the formula is not kept.
       *[other] { $count } cells are formulas (the first in { $cell }); their results were read, the formulas are not kept.
    }
evidence-error-in-cell = The cell holds an error. Correct it.
evidence-inexact-number = The number is so long that the spreadsheet has lost digits. Make the column text and fill it in again.
evidence-before = Earlier than the time in column “{ $column }”.
evidence-duplicate = Repeats row { $row } of { $sheet }.

## Rows against each other
evidence-unknown-unit = There is no unit with the code “{ $text }”, or its row has a fault. Add it to the units, or correct the code.
evidence-unknown-site = There is no site with the id “{ $text }”, or its row has a fault. Add it to the sites, or correct the id.
evidence-unknown-visit = There is no visit with the id “{ $text }”, or its row has a fault. Add it to the visits, or correct the id.
evidence-unknown-indicator = The catalogue has no indicator “{ $text }”. Use an id or a title of the catalogue.
evidence-ambiguous-name = Several units or indicators are called “{ $text }”. Use the code: { $codes }.
evidence-same-unit-twice = The second unit is the same as the unit. Name another one, or leave it empty.
evidence-unit-below-itself = The parents lead back to the unit itself. Correct the code of the unit above.

## Published boards
evidence-rank-against-scores = { $unit } has { $score } and is printed in place { $rank }; by the scores it is place { $place }. Kept as printed.
evidence-share-against-count = { $category } is printed as { $printed }%, but { $count } ÷ { $total } is { $right }%. Kept as printed.
evidence-totals-differ = The total { $total } is not the other total of the same block, { $other }. Kept as printed.
evidence-counts-above-total = The categories sum to { $sum }, more than the total of { $total }. Kept as printed.

## Import
evidence-month-needed = Units and outside measures belong to a month. Say which (--month 2022-12).
evidence-no-scheme-holds = The series “{ $series }” has no scheme that holds in { $month }: the evidence would serve nothing. Check the month, or adopt the scheme first.
evidence-no-scheme = The series has no adopted scheme yet: indicators and months were not checked.
evidence-month-closed = { $month } is frozen or published. What is imported does not change the frozen result.
evidence-outside-month = Does not belong to the round of { $month } ({ $from } to { $to }).
evidence-unit-not-valid = The unit “{ $unit }” does not exist in { $month }. Check the unit and the time.
evidence-photos-missing =
    { $count ->
        [one] One photo has not come yet; it may come later.
       *[other] { $count } photos have not come yet; they may come later.
    }
evidence-moved-on = Evidence has changed since the preview: nothing was taken. Look at the file again.
evidence-has-faults =
    { $count ->
        [one] There is one fault: nothing was taken. Correct it, or agree that only the other rows are taken (--accept-rest).
       *[other] There are { $count } faults: nothing was taken. Correct them, or agree that only the other rows are taken (--accept-rest).
    }
evidence-has-changes =
    { $count ->
        [one] One row is kept with other content: nothing was taken. Compare before and after, then agree (--yes).
       *[other] { $count } rows are kept with other content: nothing was taken. Compare before and after, then agree (--yes).
    }

## Evaluated areas (GeoJSON)
evidence-areas = Evaluated areas
evidence-not-json = { $name } is no sound JSON from line { $line }, column { $column } on. Export it again.
evidence-not-geojson = { $name } is no GeoJSON collection of features (FeatureCollection).
evidence-geojson-system = The reference system “{ $system }” of { $name } is not known. Convert it to WGS84, CGCS2000, GCJ-02 or BD-09.
evidence-no-polygon = There is no polygon (Polygon or MultiPolygon).
evidence-too-many-points = Too many points. Simplify the outline first.
evidence-open-ring = A ring is not closed: its first and last point must be the same.
evidence-ring-too-short = A ring has too few points.
evidence-ring-crosses-itself = A ring crosses itself.
evidence-hole-outside = A hole reaches beyond its outline.
evidence-polygons-overlap = Polygons of the same unit overlap or share an edge.
evidence-areas-overlap = Its months overlap those of feature { $row }. A unit has one area at a time.

## Commands
evidence-no-such-kind = There is no kind “{ $word }”. There are: units, sites, visits, findings, cases, measures, results, boards, shares.
evidence-written = Written to { $path }
evidence-exists = { $path } is there already. Choose another place, or write over it with --force.
evidence-reading = Reading
evidence-checking = Checking
evidence-taking = Taking
evidence-taken = Taken.
evidence-nothing-new = All of it is there already: nothing was changed.
evidence-say-series = Say the series with --series: { $list }
evidence-count = { $kind }: { $new } new, { $changed } changed, { $same } the same
evidence-more = … and { $count } more; --format json shows all

## Templates
evidence-example = Example, skipped on import
evidence-notes-how = One sheet for each kind. The first two rows name the columns: leave them as they are, fill in from the third row on. Sheets may stay empty.
evidence-notes-required = Columns with * must be filled in.
evidence-notes-example = Rows with “Example” in the column “Note” are skipped on import.
evidence-notes-times = Write times as 2022-12-05T09:30 or 2022/12/5 9:30. A day without a time is 23:59 for due times, otherwise 00:00.
evidence-notes-units = Units and indicators may be named by code or by full name; where several have the name, only by code.
evidence-notes-lists = Several things in a cell are separated by “;”; attributes and grades are written “name=value”.
evidence-notes-coordinates = Coordinates are WGS84 (or CGCS2000) unless the column “Reference system” says GCJ-02 or BD-09.

## Sheets and columns
evidence-units = Units
evidence-units-code = Unit code
evidence-units-name = Name
evidence-units-kind = Kind
evidence-units-parent = Parent unit
evidence-units-attributes = Attributes
evidence-units-to = Last month
evidence-unit-ended-before = The unit's last month is before { $month }. Let the table hold from its last month or an earlier one, or leave the cell empty.
evidence-unit-goes-on = The unit is written anew from { $from } on. Give a month before { $from } as its last, or import it from { $from } on.
evidence-sites = Sites
evidence-sites-id = Site id
evidence-sites-unit = Unit
evidence-sites-name = Name
evidence-sites-stratum = Stratum
evidence-sites-length-m = Length (m)
evidence-sites-lng = Longitude
evidence-sites-lat = Latitude
evidence-sites-datum = Reference system
evidence-visits = Visits
evidence-visits-id = Visit id
evidence-visits-unit = Unit
evidence-visits-site = Site id
evidence-visits-at = Time
evidence-visits-length-m = Length walked (m)
evidence-visits-grades = Grades
evidence-findings = Findings
evidence-findings-id = Finding id
evidence-findings-visit = Visit id
evidence-findings-site = Site id
evidence-findings-unit = Unit
evidence-findings-second-unit = Second unit
evidence-findings-indicator = Indicator
evidence-findings-severity = Severity
evidence-findings-found-by = Found by
evidence-findings-found-at = Found at
evidence-findings-due-at = Due at
evidence-findings-rectified-at = Rectified at
evidence-findings-repeated = Times repeated
evidence-findings-relapsed = Relapsed
evidence-findings-failed = Failed checks
evidence-findings-excluded = Excluded because
evidence-findings-value = Measured value
evidence-findings-place = Place
evidence-findings-lng = Longitude
evidence-findings-lat = Latitude
evidence-findings-photos = Photo digests
evidence-findings-datum = Reference system
evidence-cases = Cases
evidence-cases-id = Case id
evidence-cases-unit = Unit
evidence-cases-category = Category code
evidence-cases-dispatched-at = Dispatched at
evidence-cases-due-at = Due at
evidence-cases-handled-at = Handled at
evidence-cases-voided-at = Voided at
evidence-cases-extended = Times extended
evidence-cases-suspended = Suspended
evidence-cases-returned = Times returned
evidence-cases-reworked = Times reworked
evidence-measures = Outside measures
evidence-measures-key = Measure
evidence-measures-unit = Unit
evidence-measures-value = Value
evidence-results = Earlier results
evidence-results-series = Series
evidence-results-month = Month
evidence-results-name = Name
evidence-results-unit = Unit
evidence-results-value = Value
evidence-boards = Published scores
evidence-boards-period = Month
evidence-boards-unit = Unit
evidence-boards-score = Score
evidence-boards-rank = Rank
evidence-boards-source = Source
evidence-shares = Published categories
evidence-shares-period = Month
evidence-shares-block = Block
evidence-shares-category = Category
evidence-shares-count = Count
evidence-shares-share = Share
evidence-shares-total = Total
evidence-shares-source = Source
evidence-notes = Notes
evidence-note = Note

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
evidence-not-utf8 = { $name } is not UTF-8 text. Save it as “CSV UTF-8”.
evidence-not-csv = { $name } is no sound CSV file. Check that quotes come in pairs.

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
evidence-before = Earlier than the time in column “{ $column }”.
evidence-duplicate = Repeats row { $row }.

## Rows against each other
evidence-unknown-unit = There is no unit with the code “{ $text }”, or its row has a fault. Add it to the units, or correct the code.
evidence-unknown-site = There is no site with the id “{ $text }”, or its row has a fault.
evidence-unknown-visit = There is no visit with the id “{ $text }”, or its row has a fault.
evidence-unknown-indicator = The standard has no indicator “{ $text }”.
evidence-same-unit-twice = The second unit is the same as the unit.
evidence-unit-below-itself = The parents lead back to the unit itself.

### What is wrong in TOML files (schemes, catalogues)


## Syntax
toml-syntax = This is not TOML ({ $detail }). Check quotes, brackets and equals signs of this line against the manual.
toml-duplicate-key = The same key stands here twice. Delete one.
toml-unquoted-text = This text has no quotation marks. Write "…".
toml-unquoted-key = This key has characters that need quotation marks. Use a key of the manual, or quote it.
toml-unclosed-text = A quotation mark is not closed. Add the closing one.
toml-unclosed-bracket = A bracket is not closed. Add the closing one.
toml-missing-comma = A comma is missing in a list or table, or it is not closed. Put commas between the entries, and add the closing bracket.
toml-key-without-value = A key without "= value". Add the value.
toml-too-deep = Nested too deeply. Use separate tables.

## Values
read-found-text = A text stands here.
read-found-integer = A whole number stands here.
read-found-decimal = A decimal stands here.
read-found-boolean = true or false stands here.
read-found-date = A date stands here.
read-found-list = A list stands here.
read-found-table = A table stands here.
read-empty-text = The text is empty.
read-control-character = The text has invisible control characters. Delete them and type it again.
read-bad-id = This cannot be an identifier.
read-bad-number = This is no number that can be read.
read-bad-day = This is no date.
read-bad-month = "{ $text }" is no month.
read-unknown-choice = There is no word "{ $text }" here.
read-missing-key = "{ $key }" is missing.
read-unknown-key = "{ $key }" is not known here.
read-duplicate-id = "{ $id }" is used already in line { $line }. Choose another.
read-english-missing = "{ $key }" has no English; English pages will show the Chinese. Write { "{" } zh = "…", en = "…" { "}" }.

## CSV tables
read-missing-column = The column "{ $column }" is missing.
read-column-twice = The column "{ $column }" stands here twice. Delete one.
read-wrong-width = This row has { $cells } cells, the header has { $columns }. Check commas and quotes.
read-unclosed-quote = The quote is not closed. Add the closing one.
read-text-after-quote = Text follows the closing quote. Write a quote within a cell twice.

## What was expected
read-expected-text = a text, such as "Article 3"
read-expected-id = small letters, digits and hyphens, such as "manhole-cover-step"
read-expected-words = a text, or { "{" } zh = "中文", en = "English" { "}" }
read-expected-number = a number, such as 0.5, 12, "1/3" or "33.3%"
read-expected-numbers = a list of numbers, such as [1, 0.5]
read-expected-number-rows = a list of pairs of numbers, such as [[0, 60], [10, 100]]
read-expected-integer = a whole number, such as 3
read-expected-boolean = true or false
read-expected-day = a date, such as "2022-02-01"
read-expected-month = a month, such as "2022-03"
read-expected-choice = one of: { $choices }
read-expected-texts = a list of texts, such as ["a", "b"]
read-expected-table = a table, such as { "{" } key = value { "}" }
read-expected-tables = a list of tables, written [[…]]
read-expected-columns = a header with at least: { $columns }
read-expected-keys = one of the keys: { $keys }
read-did-you-mean = did you mean "{ $key }"?

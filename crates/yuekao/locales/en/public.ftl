### The public site

public-home = This month
public-bulletin = Bulletin
public-trends = Trends
public-categories = Categories
public-departments = Departments
public-townships = Townships
public-archive = Archive
public-verify = Verify

public-month-title = { $month }: { $evaluation }
public-month-lede = Published by { $issuer } on { $date }.
public-month-open = Every score opens, level by level, down to the problems and the clause that made it.
public-published = Published
public-problems = Problems found
public-average = Average score
public-rose = Units whose score rose
public-fell = { $count } fell
public-change = { $change } against last month
public-departments-full = Departments at 100 %
public-departments-all = All departments
public-departments-ends = Departments with the highest and the lowest rates
public-no-ranking = No unit is ranked this month.
public-no-score = no score
public-score-opens = A unit's name opens its list of problems, a score opens its working.
public-newspaper = Newspaper text
public-keep-pdf = Download PDF
public-keep-list = List of problems
public-place = place { $place }
public-place-up = up { $by }
public-place-down = down { $by }
public-place-same = same
public-before = { $score } before the handicap
public-ends = First and last of each type
public-corrected = This edition has been corrected
public-corrected-newest = Read the newest edition
public-correction = This edition corrects the bulletin of { $date }
public-edition = Read edition { $edition }

public-map = Map of scores
public-map-caption = The darker, the higher the score. What is coloured is the administrative division; the area in which a unit is evaluated (built-up area, area of responsibility) is set by the scheme, changes with it, and is not the same. Units without a polygon stand below the map.
public-map-no-polygon = Units without a polygon
public-map-credit = Boundaries: Vonng/adcode, CC BY 4.0
public-map-zoom-in = Zoom in
public-map-zoom-out = Zoom out
public-map-wheel = Hold Ctrl and scroll to zoom the map
public-map-touch = Use two fingers to move the map
public-open = Open
public-picture-failed = This browser cannot draw the picture; the tables on this page say the same.
public-cumulative = Running share
public-categories-caption = From many to few; on a wide screen the line is the running share.

public-unit-title = { $unit }: { $month }
public-unit-missing = There is no unit "{ $unit }" in this month. Choose a unit from the ranking.
public-finding-missing = There is no finding "{ $finding }" of a participant in this month. Choose one from a unit's list of problems.
public-value-missing = The unit "{ $unit }" has no such value in this month. Choose one from the components on the unit's page.
public-scheme-missing = There is no scheme "{ $scheme }". Open it from the page of a month.
public-not-published = Nothing is published in { $month }. Choose a published month in the archive.
public-deducted = Points deducted
public-deducted-note = problem by problem, before caps and weights
public-trend = The last 13 months
public-trend-of = { $unit }: scores of 13 months
public-as-table = As a table
public-value = Value
public-assumed = assumed
public-assumed-some = partly assumed
public-assumed-here = Something on this page is assumed
public-assumed-lede = Rules marked as assumed were not found in a published text; the author of the scheme filled them in, and an official text takes precedence.
public-no-photos = No photos
public-photo-of = { $what } (photo { $number })
public-costs-nothing = costs nothing

public-why = Why this score
public-why-title = { $unit }, { $month }: why this score
public-score-published = Score as published
public-why-lede = The number of every line is calculated from the lines below it, down to the problems themselves. Open a line to see them.
public-operation-given = known
public-operation-sum = sum of the lines below
public-operation-difference = the first line less the others
public-operation-product = product of the lines below
public-operation-quotient = the first line divided by the second
public-operation-least = the smallest
public-operation-greatest = the greatest
public-operation-median = the median
public-operation-instead = the last line counts
public-operation-round = rounded
public-operation-place = place among the numbers below
public-operation-formula = by the formula from the lines below

public-trends-lede = Scores and places of 13 months: { $evaluation }.
public-trends-multiples = One picture for each unit, on one scale, so that they can be compared.
public-trends-lines = All units in one picture; a line leads to the unit's page.
public-overview-title = { $month }: { $subject }
public-overview-empty = The bulletin of { $month } has nothing of this kind.
public-categories-lede = The problems that the inspection found, under the headings of the bulletin.
public-categories-months = Problems by heading in 13 months
public-departments-lede = The share of cases due that each department has handled; overdue open cases count as due; extended, suspended and voided ones are listed apart.
public-townships-lede = Each county evaluates its townships; the first and the last are published.
public-archive-lede = Every evaluation and month that is published. Where a month was corrected, its first bulletin can still be read.
public-other-months = Other months
public-earlier = Month before
public-later = Month after

public-evidence = Basis and verification
public-scheme = Scheme
public-scheme-text = Text of the scheme
public-files = Evidence files
public-holds = Holds in
public-legal = Legal basis
public-verify-lede = What is published is calculated from public evidence and a public scheme. Anybody can calculate it again and must get the same digest.
public-verify-fetch = Download evidence and scheme of the month:
public-verify-unpack = Unpack it and calculate with this program:
public-verify-compare = The digest that it prints must be that of the bulletin:
public-verify-independent = How to calculate stands in the manual: a program written from it must come to the same result.

public-nothing = Nothing is published yet
public-nothing-next = Results appear here once a month is published. The host signs in to import evidence, freeze and publish.

public-rules = Rules
public-rules-lede = First the scheme in words: how it scores, ranks and pays; then the adopted text. The words are made from the text, and the text prevails.
public-rules-all-lede = The schemes under which published results were made: each in words, as its text with a digest, and compared with the one before it.
public-months = { $from } to { $to }
public-months-open = from { $from }
public-toc = Contents
public-keep-scheme = Download the adopted text (TOML)
public-scheme-text-lede = The adopted file, of which the digest is taken:
public-assumed-count = { $count ->
        [one] One number or rule of this scheme is
       *[other] { $count } numbers or rules of this scheme are
    } assumed
public-changes = Compared with the scheme before it
public-changes-see = What differs from "{ $before }"
public-changes-title = What differs from the scheme before it
public-changes-before = The scheme before
public-changes-after = This scheme
public-changes-lede = In the order of this scheme's articles.
public-changes-what = Rule
public-changes-was = Before
public-changes-is = Now
public-changes-none = (nothing before)
public-changes-gone = (no longer settled)
public-changes-back = Read the whole scheme
public-scheme-first = There is no public scheme before "{ $scheme }" in its series to compare it with.
public-points-unit = points
public-photo-number = Photo { $number }
public-why-unit = Why this unit has its score
public-excluded = { $count ->
    [one] { $count } of them does not count
   *[other] { $count } of them do not count
}
public-unit-all = { $count ->
    [one] The { $count } problem
   *[other] All { $count } problems
}
public-show-month = Show
public-verify-others = Evidence and digests of other months stand on their pages, under "Basis and verification":
public-verify-api = For programs: with .json after its address every page is JSON with the same content, described in

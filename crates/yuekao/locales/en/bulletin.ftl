### Bulletin, unit sheet, newspaper text

bulletin-synthetic = Synthetic data, not real results
bulletin-list-mark = {", "}
bulletin-month = { $month ->
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
bulletin-date = { $day } { $month ->
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
bulletin-title = Results of the { $evaluation }, { $month }
bulletin-salutation = To: { $recipients }
bulletin-intro =
    { $basis ->
        [none] The results of the { $evaluation } for { $month } are as follows.
       *[other] Under { $basis }, the results of the { $evaluation } for { $month } are as follows.
    }
bulletin-no-value = —

## Headings
bulletin-ranking = Ranking and scores
bulletin-ranking-named = Ranking and scores ({ $title })
bulletin-townships = First and last township of each county
bulletin-problems = Problems found
bulletin-red-property = Red property in residential compounds
bulletin-departments = Handling rates of the departments
bulletin-awards = Awards
bulletin-notes = Notes
bulletin-attachments = Attachments:
bulletin-attachment = Attachment { $number }
bulletin-components = Component scores of the units
bulletin-departments-table = Cases handled by the departments
bulletin-verification = Data behind the evaluation, and how to check it

## Sentences
bulletin-rose = Score up on last month: { $units }.
bulletin-fell = Score down on last month: { $units }.
bulletin-handicap = “Before handicap” is the actual score; “score” is the lowered one, which ranks.
bulletin-found =
    { $count ->
        [one] { $title }: one problem found in { $month }{ $change }.
       *[other] { $title }: { $count } problems found in { $month }{ $change }.
    }
bulletin-found-none = { $title }: no problems found in { $month }{ $change }.
bulletin-count-more = , { $by } more than last month
bulletin-count-fewer = , { $by } fewer than last month
bulletin-count-same = , as many as last month
bulletin-average = The average score is { $average }{ $change }.
bulletin-average-up = , { $by } up on last month
bulletin-average-down = , { $by } down on last month
bulletin-average-same = , the same as last month
bulletin-largest = Most frequent: { $shares }.
bulletin-share = { $title } { $count } ({ $share } %)
bulletin-departments-summary = Of { $count } departments on the command platform, { $full } have a handling rate of 100 %, { $overdue } have open cases beyond their limit; see attachment { $attachment }.
bulletin-departments-rule = The handling rate is the part of the due cases that was handled. Open cases beyond their limit are due cases; extended, suspended and voided cases are shown apart and do not raise the rate.
bulletin-awards-none = No awards this month.
bulletin-award-paid = receives { $money }
bulletin-award-charged = pays { $money }
bulletin-money = { $yuan } yuan
bulletin-money-wan = { $yuan } yuan
bulletin-correction = This bulletin corrects { $number } of { $date }, which stays available. Reason: { $reason }
bulletin-correction-unnumbered = the bulletin
bulletin-assumed = The following rules were not found in a published text; they are assumed until the official document is at hand:
bulletin-components-see = Component scores: see attachment { $attachment }.
bulletin-verification-see = Digests of the data and the way to check them: see attachment { $attachment }.
bulletin-verification-how = The digests below are SHA-256 values. Who computes the month again from the public evidence files and the same scheme must get the same digest of the assessment.
bulletin-digest-facts = Digest of the evidence
bulletin-digest-scheme = Digest of the scheme
bulletin-digest-assessment = Digest of the assessment
bulletin-digest-corrected = Digest of the corrected assessment
bulletin-copies = Copies: { $copies }.
bulletin-issued = issued { $date }
bulletin-chart = Problems by heading

## Columns
bulletin-col-place = Place
bulletin-col-month = Month
bulletin-col-unit = Unit
bulletin-col-score = Score
bulletin-col-before = Before handicap
bulletin-col-place-change = Change of place
bulletin-col-score-change = Change of score
bulletin-col-note = Note
bulletin-col-county = County
bulletin-col-first = First
bulletin-col-last = Last
bulletin-col-heading = Heading
bulletin-col-count = Problems
bulletin-col-share = Share
bulletin-col-change = On last month
bulletin-col-management = Management type
bulletin-col-department = Department
bulletin-col-rate = Handling rate
bulletin-col-handled = Handled
bulletin-col-due = Due
bulletin-col-extended = Extended
bulletin-col-suspended = Suspended
bulletin-col-voided = Voided
bulletin-col-overdue = Overdue, open
bulletin-col-reason = Reason
bulletin-col-award = Award
bulletin-col-yuan = Yuan
bulletin-col-title = Title
bulletin-col-duty = To do
bulletin-col-item = Item
bulletin-col-content = Content

## Workbook
bulletin-sheet-ranking = Ranking
bulletin-sheet-problems = Problems
bulletin-sheet-departments = Departments
bulletin-sheet-townships = Townships
bulletin-sheet-awards = Awards
bulletin-sheet-red-property = Red property
bulletin-sheet-red-property-ends = Red property, ends
bulletin-sheet-notes = Notes
bulletin-sheet-findings = Findings
bulletin-sheet-deductions = Deductions
bulletin-page-of = Page &P of &N

## Unit sheet
bulletin-unit-title = { $unit }: problems found in { $month }
bulletin-unit-score = Score in the { $evaluation }: { $score }, place { $place } of { $ranked }.
bulletin-unit-score-unranked = Score in the { $evaluation }: { $score }, not ranked.
bulletin-unit-before = Before the handicap: { $score }.
bulletin-unit-findings =
    { $count ->
        [one] One problem, { $points } points deducted.
       *[other] { $count } problems, { $points } points deducted.
    }
bulletin-unit-no-findings = No problems were found this month.
bulletin-unit-components = How the score is made
bulletin-unit-deductions = Deductions
bulletin-unit-list = Problems
bulletin-unit-photo-missing = photo not obtained
bulletin-col-number = No.
bulletin-col-id = Id
bulletin-col-time = Time
bulletin-col-where = Place
bulletin-col-indicator = Indicator
bulletin-col-severity = Severity
bulletin-col-measure = Measured
bulletin-col-points = Points
bulletin-col-found-by = Found by
bulletin-col-state = Rectification
bulletin-col-deadline = Due
bulletin-col-done = Done
bulletin-col-photos = Photos
bulletin-col-clause = Clause
bulletin-col-component = Component
bulletin-col-digest = Photo digests
bulletin-state-due = due { $time }
bulletin-state-done = done { $time }
bulletin-sum = Total

## Newspaper
bulletin-news-mark = [{ $text }]{" "}
bulletin-news-first = { $evaluation }, { $month }: { $units } first with { $score } points.{" "}
bulletin-news-none = { $evaluation }, { $month }: no unit was ranked.{" "}
bulletin-news-last = { $units } last with { $score }.{" "}
bulletin-news-problems =
    { $count ->
        [one] Unannounced inspections found one problem{ $change }.{" "}
       *[other] Unannounced inspections found { $count } problems{ $change }.{" "}
    }
bulletin-news-average = The average score was { $average }{ $change }.{" "}
bulletin-news-shares = Most frequent: { $shares }.{" "}
bulletin-news-rose = Score up: { $units }.{" "}
bulletin-news-red =
    { $count ->
        [one] Red-property checks found one problem{ $change }.{" "}
       *[other] Red-property checks found { $count } problems{ $change }.{" "}
    }
bulletin-news-awards = Under the scheme, { $awards }.{" "}
bulletin-news-award-paid = { $unit } receives { $money }
bulletin-news-award-charged = { $unit } pays { $money }
bulletin-news-correction = These are the corrected results.{" "}

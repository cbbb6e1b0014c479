rounds-title = Rounds
rounds-lede = open a month, see the draft, freeze, publish, correct
rounds-series = Evaluation
rounds-month = Month
rounds-stage = State
rounds-published-at = Published
rounds-open = Open the round
rounds-none = No rounds yet. Choose an evaluation and a month to open the first.
rounds-none-yet = No rounds yet. They are listed here once the leading group's office has opened one.
rounds-all = all
rounds-year = Year
rounds-none-such = No round is like that.
rounds-no-scheme = No scheme has been adopted yet. Adopt one first:
round-stage-open = open
round-stage-frozen = frozen
round-stage-published = published
round-stage-correcting = being corrected
round-window = Window
round-scheme = Scheme
round-evidence = Evidence so far
round-visits = { $count ->
    [one] { $count } visit
   *[other] { $count } visits
}
round-findings = { $count ->
    [one] { $count } finding
   *[other] { $count } findings
}
round-cases = { $count ->
    [one] { $count } case
   *[other] { $count } cases
}
round-facts-digest = Digest of the evidence
round-assessment-digest = Digest of the result
round-freeze = Freeze the month
round-freeze-hint = After that the month's facts stay as they are and the result is made from them. Before publication two people together can open it again.
round-freeze-not-yet = It cannot be frozen yet: { $why }
round-publish = Publish
round-publish-hint = A publication cannot be taken back: a mistake is answered by a correction, and the old bulletin stays readable.
round-publish-confirm = Type { $month } to confirm
round-preview = Preview of the bulletin (PDF, draft)
round-number = Document number
round-date = Date of signature
round-reason = Reason of the correction
round-reason-en = Reason in English (optional)
round-reopen = Open again
round-reopen-hint = One person asks, another agrees. Then the evidence can be corrected and frozen anew.
round-reopen-waiting = { $who } has asked to open it again; somebody else has to agree.
round-reopen-own = You have asked to open it again; somebody else has to sign in and agree.
round-reopen-ask = Ask to open it again
round-reopen-agree = Agree to open it again
round-correct = Correct
round-correct-hint = Correct the evidence first, then freeze what is there now, then publish the correction with its reason.
round-correct-begin = Freeze what is there now
round-draft = Standing
round-draft-secret = Draft: not to leave the office before publication.
round-draft-empty = No participants yet.
round-draft-stamp = Draft, not published
rounds-not-valid-in-month = The scheme “{ $scheme }” has no round in { $month }. Use the scheme that holds then; to see what would be, go to “What if”.
rounds-standard-missing = The catalogue “{ $standard }” that the scheme needs is not adopted. Adopt it under “Schemes” first.
rounds-unknown-unit = The participant “{ $unit }” is not among the units. Import it first, or correct the scheme.
rounds-no-participants = No unit fits the scheme's groups. Check kind, unit above and attributes of the units, or correct the scheme.
rounds-fact-of-unknown-unit = “{ $fact }” belongs to the unit “{ $unit }”, which is not among the units. Import the unit first, or correct the row and import it again.
rounds-attribute-not-a-number = The attribute “{ $attribute }” of { $unit } is “{ $text }”, which is no number. Correct the table of units and import it again.
rounds-opening-balance-missing = The deposit “{ $deposit }” lacks the balance of { $unit } at the end of { $month }. Publish the earlier round first, or import deposit.{ $deposit } of that month with the outside data.
round-place = Place
round-unit = Unit
round-score = Score
round-yuan = Reward or penalty (yuan)
round-editions = Published bulletins
round-edition = Edition { $edition }
round-bad-month = “{ $text }” is no month. Write it like 2022-12.
round-bad-date = “{ $text }” is no date. Write it like 2023-01-09.
act-round-opened = opened
act-round-frozen = frozen
act-round-reopen-asked = asked to open again
act-round-reopened = opened again
act-round-published = published

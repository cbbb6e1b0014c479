import-title = Import evidence
import-lede = look first, then take; every bad row is named, and nothing that is kept changes without consent
import-choose = Choose files
import-hint = CSV, XLSX or a ZIP of evidence, several at once, 200 MB in all
import-datum = Reference system of coordinates, where the file does not say
import-look = Preview
import-again = Look again
import-take = Take it
import-rest = Leave the bad rows out and take the rest
import-accept-changes = Replace what is kept by the new content
import-preview = This is a preview: nothing has been taken.
import-taken = Taken.
import-nothing-new = The files hold nothing new.
import-counts = Rows by kind
import-kind = Kind
import-new = New
import-changed = Changed
import-same = Same
import-faults = Rows to correct
import-changes = What would be replaced
import-no-file = No file arrived. Choose a file and send again.
import-template = Empty sheets to fill in
import-otherwise = Another evaluation, month or reference system
import-more = { $count } more are not listed.
import-more-files = Import more
import-done = Result
import-has-faults = { $count ->
    [one] Nothing was taken: { $count } fault. Correct the file and upload it again, or tick that the bad row stays out.
   *[other] Nothing was taken: { $count } faults. Correct the file and upload it again, or tick that the bad rows stay out.
}
import-has-changes = { $count ->
    [one] Nothing was taken: { $count } row is kept with other content. Compare it, and tick that it is replaced if you agree.
   *[other] Nothing was taken: { $count } rows are kept with other content. Compare them, and tick that they are replaced if you agree.
}
import-month-needed = Units and outside measures belong to a month. Give the month.

issues-none = { $file }: nothing wrong.
issues-here = here
assess-digest = Digest of the result (SHA-256): { $digest }
issues-expected = expected: { $expected }
issues-count = { $file }: { $faults ->
        [one] one fault
       *[other] { $faults } faults
    }, { $warnings ->
        [one] one warning
       *[other] { $warnings } warnings
    }.

### Files

file-missing = There is no file “{ $path }”. Check path and name and run the command again.
file-is-folder = “{ $path }” is a folder and no file. Name the file in it.
file-folder-missing = There is no folder “{ $path }”. Check the path and run the command again.
file-no-folder = “{ $path }” is no folder. Give the path of a folder.
file-not-allowed = “{ $path }” may not be read. Allow it, or run the command as somebody who may.
file-not-read = “{ $path }” could not be read (system error { $code }). Check the disk, or use another copy, and run the command again.
file-large = The file “{ $path }” is larger than { $megabytes } MB and hardly a scheme, a catalogue or a table. Check it and run the command again.
file-not-text = The file “{ $path }” is no text in UTF-8 or GB 18030. Save it as UTF-8 and run the command again.
file-nowhere = There is no folder in which “{ $path }” could be written. Make it first, or give another path.
file-write-is-folder = “{ $path }” is a folder and cannot be written as a file. Give another name.
file-write-not-allowed = “{ $path }” may not be written. Choose another folder, or run the command as somebody who may.
file-no-room = The disk is full, and “{ $path }” was not written to its end. Make room and run the command again.
file-not-written = “{ $path }” could not be written (system error { $code }). Check the disk and run the command again.
serve-bad-certificate = The certificate “{ $cert }” and the key “{ $key }” are no PEM files or do not fit together. Give a pair that does.

### Backups

backup-progress = Copying files
backup-done = Copied to “{ $path }”: the database and { $files } files, { $megabytes } MB in all.
backup-postgres = The database is on PostgreSQL: copy it with pg_dump, and then the folders originals, previews, photos and thumbs of the data folder.
backup-no-database = There is no database yuekao.db in “{ $path }”. Check the path and run the command again.
backup-not-empty = “{ $path }” is not empty, and nothing is written over. Give an empty folder, or one that is not there yet.
restore-in-use = “{ $path }” is a data folder in use, or its program was stopped in the middle: a log lies beside the database. Copy it with yuekao backup, and restore from that copy.
restore-done = Restored to “{ $path }”: the database and { $files } files, { $megabytes } MB in all. Look through it with yuekao check, and then start the site.
check-progress = Reading originals
check-sound = Database, acts and originals are as they were written.
check-database = The database is damaged: { $why }
check-act = Act { $act } is missing or is not as it was written.
check-missing = The file “{ $path }” is missing.
check-changed = The file “{ $path }” is not as it was written.

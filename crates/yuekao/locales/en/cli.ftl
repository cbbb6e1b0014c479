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

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

issues-none = { $file }: nothing wrong.
issues-here = here
assess-digest = Digest of the result (SHA-256): { $digest }

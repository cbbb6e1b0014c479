-- A case that came back to the dispatcher has no unit that answers for it.
UPDATE case_file SET unit = NULL WHERE holder IS NULL AND unit IS NOT NULL;

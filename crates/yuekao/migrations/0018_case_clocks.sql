-- Whoever has a case is told once more when its due time has come.
UPDATE case_file SET remind_at = due_at WHERE stage = 'dispatched' AND remind_at IS NULL;

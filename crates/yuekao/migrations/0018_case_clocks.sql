-- Whoever has a case is told once more when its due time has come.
UPDATE case_file SET remind_at = due_at WHERE stage = 'dispatched' AND remind_at IS NULL;

-- Since when the unit that has a case has it without having taken a first step.
ALTER TABLE case_file ADD COLUMN untouched_since BIGINT;
UPDATE case_file SET untouched_since = (
    SELECT a.at FROM act a
    WHERE a.noun = 'case' AND a.id = case_file.id AND a.kind IN ('dispatch', 'pass_down', 'return')
        AND NOT EXISTS (SELECT 1 FROM act b WHERE b.noun = 'case' AND b.id = a.id AND b.seq > a.seq
            AND b.kind IN ('dispatch', 'pass_down', 'return', 'take_back', 'feedback', 'ask_extension', 'ask_suspension')))
WHERE stage = 'dispatched';

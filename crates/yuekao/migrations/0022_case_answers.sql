-- A case that came back to the dispatcher has no unit that answers for it.
UPDATE case_file SET unit = NULL WHERE holder IS NULL AND unit IS NOT NULL;

-- When the program escalates a case by itself: once for each second limit, whoever escalated it by hand.
ALTER TABLE case_file ADD COLUMN escalate_at BIGINT;
UPDATE case_file SET escalate_at = gross_at
WHERE stage IN ('registered', 'dispatched') AND NOT EXISTS (
    SELECT 1 FROM act a
    WHERE a.noun = 'case' AND a.id = case_file.id AND a.kind = 'escalate' AND a.who = 'system'
        AND NOT EXISTS (SELECT 1 FROM act b WHERE b.noun = 'case' AND b.id = a.id AND b.seq > a.seq
            AND b.kind IN ('grant_extension', 'resume', 'recompute')));
CREATE INDEX case_escalate ON case_file (escalate_at);

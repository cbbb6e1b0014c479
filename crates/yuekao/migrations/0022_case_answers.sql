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

-- Whether a unit that has or had a case answers for it now: it is in the line from where it was dispatched to whose turn it is,
-- or its department. The other units see it still.
ALTER TABLE case_unit ADD COLUMN answers BIGINT NOT NULL DEFAULT 1;
UPDATE case_unit SET answers = 0
WHERE unit NOT IN ('', '*') AND NOT EXISTS (
    SELECT 1 FROM case_file f
    WHERE f.id = case_unit.case_id AND (f.unit = case_unit.unit OR f.holder = case_unit.unit OR f.department = case_unit.unit
        OR EXISTS (SELECT 1 FROM unit u WHERE u.code = f.holder AND u.code <> f.unit AND (u.parent = case_unit.unit
            OR EXISTS (SELECT 1 FROM unit p WHERE p.code = u.parent AND p.parent = case_unit.unit)))));

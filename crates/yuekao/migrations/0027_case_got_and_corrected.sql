-- What a unit gave back is not overdue with it.
UPDATE case_unit SET late_at = NULL WHERE answers = 0;
-- When a unit got a case: dispatched or passed down to it, the last time. Notices of a month are made by this.
ALTER TABLE case_unit ADD COLUMN got_at BIGINT;
UPDATE case_unit SET got_at = (
    SELECT max(a.at) FROM act a
    WHERE a.noun = 'case' AND a.id = case_unit.case_id AND a.kind IN ('dispatch', 'pass_down')
        AND (REPLACE(a.body, '"unit":"' || case_unit.unit || '"', '') <> a.body
            OR REPLACE(a.body, '"department":"' || case_unit.unit || '"', '') <> a.body))
WHERE unit NOT IN ('', '*');
CREATE INDEX case_unit_got ON case_unit (unit, got_at);

-- What another system said of a case of its own after it was taken, where that is other than before.
CREATE TABLE case_correction (
    case_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    category TEXT NOT NULL,
    place TEXT NOT NULL,
    description TEXT NOT NULL,
    county TEXT,
    lng BIGINT,
    lat BIGINT,
    PRIMARY KEY (case_id, seq)
);

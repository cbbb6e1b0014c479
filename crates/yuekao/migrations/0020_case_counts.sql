-- What lists and maps count by stands in the index along which they count. `late_at` is the due time of a case that is still
-- to be handled; nothing is overdue without it.
ALTER TABLE case_unit ADD COLUMN late_at BIGINT;
UPDATE case_unit SET late_at = (SELECT f.due_at FROM case_file f WHERE f.id = case_id AND f.handled_at IS NULL) WHERE is_open = 1;
DROP INDEX case_unit_due;
DROP INDEX case_unit_open;
CREATE INDEX case_unit_open ON case_unit (unit, is_open, reported_at, case_id, late_at, tile);
DROP INDEX case_unit_list;
CREATE INDEX case_unit_list ON case_unit (unit, reported_at, case_id, tile);
-- Every act on a case asks who sees it.
CREATE INDEX case_unit_case ON case_unit (case_id);
DROP INDEX case_unit_stage;
CREATE INDEX case_unit_stage ON case_unit (unit, stage, reported_at, case_id, tile);
DROP INDEX case_unit_category;
CREATE INDEX case_unit_category ON case_unit (unit, category, reported_at, case_id, tile);
DROP INDEX case_unit_stage_category;
CREATE INDEX case_unit_stage_category ON case_unit (unit, stage, category, reported_at, case_id, tile);

-- The index of words (`case_word`, made by store/dialect.rs, since it differs) knows by this number who sees a case. Numbers
-- grow with time: the last ones are the latest.
ALTER TABLE case_unit ADD COLUMN number BIGINT;
UPDATE case_unit SET number = numbered.place
FROM (SELECT unit AS who, case_id AS id, row_number() OVER (ORDER BY reported_at, case_id, unit) AS place FROM case_unit) numbered
WHERE unit = numbered.who AND case_id = numbered.id;
CREATE INDEX case_unit_number ON case_unit (number, reported_at, case_id, tile);
DROP INDEX case_unit_list;
CREATE INDEX case_unit_list ON case_unit (unit, reported_at, case_id, tile, number);

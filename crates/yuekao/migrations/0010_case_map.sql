-- What lists and maps narrow by stands beside the unit that sees a case, so that a page is read along one index. A tile is a
-- cell of the finest kept grid of the map (store/case/map.rs): its column times 1048576 and its row.
ALTER TABLE case_unit ADD COLUMN category TEXT NOT NULL DEFAULT '';
ALTER TABLE case_unit ADD COLUMN tile BIGINT;
UPDATE case_unit SET
    category = (SELECT category FROM case_file WHERE id = case_id),
    tile = (SELECT (lng + 1800000000) * 65536 / 3600000000 * 1048576 + (lat + 1800000000) * 65536 / 3600000000
            FROM case_file WHERE id = case_id AND lng IS NOT NULL AND lat IS NOT NULL);
CREATE INDEX case_unit_open ON case_unit (unit, is_open, reported_at, case_id);
CREATE INDEX case_unit_category ON case_unit (unit, category, reported_at, case_id);
CREATE INDEX case_unit_stage_category ON case_unit (unit, stage, category, reported_at, case_id);
CREATE INDEX case_unit_tile ON case_unit (unit, tile);

-- Kept counts of the map: how many cases a unit sees in a cell of a level, by stage and category (empty: all of them), and
-- the sums of their positions. Level 0 holds those without a position.
CREATE TABLE case_cell (
    unit     TEXT   NOT NULL,
    level    BIGINT NOT NULL,
    category TEXT   NOT NULL,
    x        BIGINT NOT NULL,
    y        BIGINT NOT NULL,
    stage    TEXT   NOT NULL,
    n        BIGINT NOT NULL,
    lng      BIGINT NOT NULL,
    lat      BIGINT NOT NULL,
    PRIMARY KEY (unit, level, category, x, y, stage)
);
INSERT INTO case_cell (unit, level, category, x, y, stage, n, lng, lat)
SELECT u.unit, l.level, c.category, u.tile / 1048576 / l.wide, u.tile % 1048576 / l.wide, u.stage, count(*), sum(f.lng), sum(f.lat)
FROM case_unit u
    JOIN case_file f ON f.id = u.case_id
    CROSS JOIN (SELECT 8 AS level, 64 AS wide UNION ALL SELECT 11, 8 UNION ALL SELECT 14, 1) l
    JOIN (SELECT DISTINCT category FROM case_file UNION SELECT '') c ON c.category = '' OR c.category = u.category
WHERE u.tile IS NOT NULL
GROUP BY u.unit, l.level, c.category, u.tile / 1048576 / l.wide, u.tile % 1048576 / l.wide, u.stage;
INSERT INTO case_cell (unit, level, category, x, y, stage, n, lng, lat)
SELECT u.unit, 0, c.category, 0, 0, u.stage, count(*), 0, 0
FROM case_unit u
    JOIN (SELECT DISTINCT category FROM case_file UNION SELECT '') c ON c.category = '' OR c.category = u.category
WHERE u.tile IS NULL
GROUP BY u.unit, c.category, u.stage;

-- Grids and who answers for them. Days are YYYY-MM-DD, both ends included; places are whole ten-millionths of a degree
-- of WGS 84.

-- A grid has one row for each span of days in which it was drawn so.
CREATE TABLE grid (
    id         TEXT   NOT NULL,
    valid_from TEXT   NOT NULL,
    valid_to   TEXT,
    name       TEXT   NOT NULL,
    unit       TEXT   NOT NULL,
    -- area, street or cell
    kind       TEXT   NOT NULL,
    -- The 15 digits of a survey cell.
    cell       TEXT,
    -- MultiPolygon or MultiLineString, GeoJSON text.
    geometry   TEXT   NOT NULL,
    -- Whole square metres of an area or cell, whole metres of a street.
    size       BIGINT NOT NULL,
    synthetic  BIGINT NOT NULL,
    source     TEXT   NOT NULL,
    PRIMARY KEY (id, valid_from)
);
CREATE INDEX grid_of_unit ON grid (unit, id);

-- One of the four duties of a grid in somebody's hands.
CREATE TABLE grid_duty (
    grid             TEXT   NOT NULL,
    duty             TEXT   NOT NULL,
    -- A stretch of the grid, such as one shop's frontage; empty: the whole grid.
    part             TEXT   NOT NULL,
    valid_from       TEXT   NOT NULL,
    valid_to         TEXT,
    -- chief, unit, frontage or stewardship
    holder_kind      TEXT   NOT NULL,
    -- Login of a chief or code of a unit; empty: known by name only.
    holder           TEXT   NOT NULL,
    name             TEXT   NOT NULL,
    level            BIGINT,
    -- What a frontage contract covers, words with blanks between.
    things           TEXT   NOT NULL,
    patrols_per_week BIGINT NOT NULL,
    PRIMARY KEY (grid, duty, part, valid_from)
);
CREATE INDEX grid_duty_of_holder ON grid_duty (holder_kind, holder);

-- A patrol that a chief recorded, under an id that the phone made.
CREATE TABLE chief_patrol (
    id         TEXT   NOT NULL PRIMARY KEY,
    grid       TEXT   NOT NULL,
    chief      TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    lng        BIGINT,
    lat        BIGINT,
    accuracy_m BIGINT,
    -- 1: the position lies in the grid, 0: it does not; NULL: no position.
    inside     BIGINT,
    note       TEXT   NOT NULL
);
CREATE INDEX chief_patrol_of ON chief_patrol (chief, at);
CREATE INDEX chief_patrol_in ON chief_patrol (grid, at);

-- Counts the changes of grids, areas and units: whoever keeps an index of them looks whether it still holds.
CREATE TABLE ground_version (
    one     BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    version BIGINT NOT NULL
);
INSERT INTO ground_version (one, version) VALUES (1, 0);

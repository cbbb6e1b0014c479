-- Cases as their acts have made them. Positions are WGS 84 in 1e-7 degree; photos and the clock (start, limit, extensions,
-- rests) are JSON.
CREATE TABLE case_file (
    id            TEXT   NOT NULL PRIMARY KEY,
    source        TEXT   NOT NULL,
    source_number TEXT,
    series        TEXT,
    finding       TEXT,
    category      TEXT   NOT NULL,
    condition     TEXT,
    indicator     TEXT,
    place         TEXT   NOT NULL,
    description   TEXT   NOT NULL,
    lng           BIGINT,
    lat           BIGINT,
    photos        TEXT   NOT NULL,
    county        TEXT,
    township      TEXT,
    community     TEXT,
    grid          TEXT,
    stage         TEXT   NOT NULL,
    is_open       BIGINT NOT NULL,
    unit          TEXT,
    holder        TEXT,
    department    TEXT,
    secret_until  BIGINT,
    reported_at   BIGINT NOT NULL,
    since         BIGINT NOT NULL,
    dispatched_at BIGINT,
    due_at        BIGINT,
    gross_at      BIGINT,
    clock         TEXT,
    rests_until   BIGINT,
    handled_at    BIGINT,
    closed_at     BIGINT,
    asked         TEXT,
    reworks       BIGINT NOT NULL,
    level         BIGINT NOT NULL,
    supervised    BIGINT NOT NULL,
    relapse_of    TEXT
);
CREATE INDEX case_stage ON case_file (stage, reported_at, id);
CREATE INDEX case_reported ON case_file (reported_at, id);
CREATE INDEX case_open_due ON case_file (is_open, due_at);
CREATE INDEX case_grid ON case_file (grid, is_open);
CREATE INDEX case_secret ON case_file (secret_until);
CREATE INDEX case_near ON case_file (category, lat);
CREATE INDEX case_finding ON case_file (series, finding);
CREATE UNIQUE INDEX case_source ON case_file (source, source_number);

-- The units that have or had a case: from its dispatch on they see it, and nobody below the city else.
CREATE TABLE case_unit (
    unit        TEXT   NOT NULL,
    case_id     TEXT   NOT NULL,
    reported_at BIGINT NOT NULL,
    is_open     BIGINT NOT NULL,
    stage       TEXT   NOT NULL,
    due_at      BIGINT,
    PRIMARY KEY (unit, case_id)
);
CREATE INDEX case_unit_list ON case_unit (unit, reported_at, case_id);
CREATE INDEX case_unit_stage ON case_unit (unit, stage, reported_at, case_id);
CREATE INDEX case_unit_due ON case_unit (unit, is_open, due_at);

-- Kept counts: how many cases a unit sees (empty: the whole city) by stage, category and month of their report.
CREATE TABLE case_count (
    unit     TEXT   NOT NULL,
    stage    TEXT   NOT NULL,
    category TEXT   NOT NULL,
    month    TEXT   NOT NULL,
    n        BIGINT NOT NULL,
    PRIMARY KEY (unit, stage, category, month)
);

-- How cases are handled here: calendar, conditions, routes and what the host allows, in versions.
CREATE TABLE case_rules (
    version    BIGINT NOT NULL PRIMARY KEY,
    body       TEXT   NOT NULL,
    adopted_at BIGINT NOT NULL,
    applied_at BIGINT
);

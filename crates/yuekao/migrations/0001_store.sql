-- One text for SQLite and PostgreSQL: columns are BIGINT and TEXT. Times (…_at) are epoch
-- milliseconds, months are YYYY-MM, exact numbers are text, documents are JSON text.

-- What was done, by whom, when. Never changed, never deleted (see store/dialect.rs).
CREATE TABLE act (
    seq  BIGINT NOT NULL PRIMARY KEY,
    at   BIGINT NOT NULL,
    who  TEXT   NOT NULL,
    noun TEXT   NOT NULL,
    id   TEXT   NOT NULL,
    kind TEXT   NOT NULL,
    body TEXT   NOT NULL,
    salt TEXT   NOT NULL,
    leaf TEXT   NOT NULL
);
CREATE INDEX act_of ON act (noun, id, seq);

CREATE TABLE host (
    one      BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    name     TEXT   NOT NULL,
    region   TEXT   NOT NULL,
    settings TEXT   NOT NULL
);

CREATE TABLE account (
    login       TEXT   NOT NULL PRIMARY KEY,
    name        TEXT   NOT NULL,
    role        TEXT   NOT NULL,
    unit        TEXT,
    hash        TEXT   NOT NULL,
    must_change BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    disabled_at BIGINT
);

CREATE TABLE session (
    id         TEXT   NOT NULL PRIMARY KEY,
    data       TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_end ON session (expires_at);

CREATE TABLE password_reset (
    token_digest TEXT   NOT NULL PRIMARY KEY,
    login        TEXT   NOT NULL,
    made_by      TEXT   NOT NULL,
    expires_at   BIGINT NOT NULL,
    used_at      BIGINT
);

-- A unit has one row for each span of months in which its name, kind or parent held.
CREATE TABLE unit (
    code       TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to   TEXT,
    name       TEXT NOT NULL,
    name_en    TEXT,
    kind       TEXT NOT NULL,
    parent     TEXT,
    lon        TEXT,
    lat        TEXT,
    datum      TEXT,
    attributes TEXT NOT NULL,
    PRIMARY KEY (code, valid_from)
);
CREATE INDEX unit_parent ON unit (parent);

CREATE TABLE standard (
    id         TEXT   NOT NULL PRIMARY KEY,
    text       TEXT   NOT NULL,
    digest     TEXT   NOT NULL,
    adopted_at BIGINT NOT NULL
);

-- The text of an adopted scheme never changes; a scheme can be withdrawn.
CREATE TABLE scheme (
    id           TEXT   NOT NULL PRIMARY KEY,
    series       TEXT   NOT NULL,
    text         TEXT   NOT NULL,
    digest       TEXT   NOT NULL,
    valid_from   TEXT   NOT NULL,
    valid_to     TEXT,
    adopted_at   BIGINT NOT NULL,
    withdrawn_at BIGINT
);
CREATE INDEX scheme_series ON scheme (series, valid_from);

-- A file taken in once is not taken in again.
CREATE TABLE import_file (
    series   TEXT   NOT NULL,
    kind     TEXT   NOT NULL,
    sha256   TEXT   NOT NULL,
    name     TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    who      TEXT   NOT NULL,
    row_count BIGINT NOT NULL,
    PRIMARY KEY (series, kind, sha256)
);

CREATE TABLE round (
    series            TEXT   NOT NULL,
    month             TEXT   NOT NULL,
    scheme_id         TEXT   NOT NULL,
    stage             TEXT   NOT NULL,
    frozen_digest     TEXT,
    frozen_at         BIGINT,
    assessment_digest TEXT,
    reopen_asked_by   TEXT,
    published_at      BIGINT,
    PRIMARY KEY (series, month)
);

-- Canonical text of frozen evidence, by its digest; written once.
CREATE TABLE frozen (
    digest TEXT   NOT NULL PRIMARY KEY,
    text   TEXT   NOT NULL,
    at     BIGINT NOT NULL
);

CREATE TABLE bulletin (
    series            TEXT   NOT NULL,
    month             TEXT   NOT NULL,
    edition           BIGINT NOT NULL,
    number            TEXT   NOT NULL,
    corrects          BIGINT,
    scheme_id         TEXT   NOT NULL,
    scheme_digest     TEXT   NOT NULL,
    frozen_digest     TEXT   NOT NULL,
    assessment_digest TEXT   NOT NULL,
    assessment        TEXT   NOT NULL,
    content           TEXT   NOT NULL,
    published_at      BIGINT NOT NULL,
    who               TEXT   NOT NULL,
    PRIMARY KEY (series, month, edition)
);
CREATE INDEX bulletin_month ON bulletin (month);

CREATE TABLE photo (
    digest     TEXT   NOT NULL PRIMARY KEY,
    media_type TEXT   NOT NULL,
    length     BIGINT NOT NULL,
    synthetic  BIGINT NOT NULL
);

-- Evidence of a series, in canonical rows (manual, evidence.md): a JSON array of cells. A round needs the rows
-- whose span from starts_at to ends_at touches its window; sites and units have no span of their own.
CREATE TABLE evidence (
    series    TEXT   NOT NULL,
    kind      TEXT   NOT NULL,
    id        TEXT   NOT NULL,
    unit      TEXT   NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at   BIGINT NOT NULL,
    cells     TEXT   NOT NULL,
    PRIMARY KEY (series, kind, id)
);
CREATE INDEX evidence_span ON evidence (series, kind, starts_at, ends_at);

-- Published values: of earlier months and of other evaluations.
CREATE TABLE result (
    series TEXT NOT NULL,
    month  TEXT NOT NULL,
    item   TEXT NOT NULL,
    unit   TEXT NOT NULL,
    value  TEXT NOT NULL,
    PRIMARY KEY (series, month, item, unit)
);

-- Published boards of the past, as they were printed, with what contradicts itself in them.
CREATE TABLE board (
    series TEXT NOT NULL,
    month  TEXT NOT NULL,
    name   TEXT NOT NULL,
    source TEXT NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (series, month, name)
);

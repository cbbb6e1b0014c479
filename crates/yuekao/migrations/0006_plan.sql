-- Who inspects, what was drawn for a month, who visits it when. Days are YYYY-MM-DD.

CREATE TABLE agency (
    id         TEXT NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    contract   TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to   TEXT
);

-- home_unit is the code of the unit where they live, or 'outside'; away is a JSON array of days.
CREATE TABLE agency_inspector (
    login      TEXT NOT NULL PRIMARY KEY,
    agency     TEXT NOT NULL,
    home_unit  TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to   TEXT,
    away       TEXT NOT NULL
);
CREATE INDEX agency_inspector_agency ON agency_inspector (agency);

-- From when to when a site can be visited, where that is limited.
CREATE TABLE site_span (
    series TEXT NOT NULL,
    site   TEXT NOT NULL,
    opens  TEXT,
    closes TEXT,
    reason TEXT NOT NULL,
    PRIMARY KEY (series, site)
);

-- The series is one that evidence is kept under. The body holds sizes and frame as they were drawn from.
CREATE TABLE plan (
    series       TEXT   NOT NULL,
    month        TEXT   NOT NULL,
    agency       TEXT   NOT NULL,
    seed         TEXT   NOT NULL,
    frame_digest TEXT   NOT NULL,
    drawn_at     BIGINT NOT NULL,
    release_hour BIGINT,
    body         TEXT   NOT NULL,
    PRIMARY KEY (series, month)
);

-- place is the site's place by ticket in its unit and stratum; 0 for one that every round looks at.
CREATE TABLE assignment (
    id          TEXT   NOT NULL PRIMARY KEY,
    series      TEXT   NOT NULL,
    month       TEXT   NOT NULL,
    site        TEXT   NOT NULL,
    unit        TEXT   NOT NULL,
    stratum     TEXT   NOT NULL,
    ticket      TEXT   NOT NULL,
    place       BIGINT NOT NULL,
    inspector   TEXT,
    day         TEXT,
    released_at BIGINT,
    state       TEXT   NOT NULL,
    replaces    TEXT,
    reason      TEXT
);
CREATE UNIQUE INDEX assignment_site ON assignment (series, month, site);
CREATE INDEX assignment_tour ON assignment (inspector, day);

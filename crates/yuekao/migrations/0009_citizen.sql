-- Reports of citizens. A link's token is known to its holder alone: here is its SHA-256.
CREATE TABLE citizen_draft (
    link TEXT   NOT NULL PRIMARY KEY,
    body TEXT   NOT NULL,
    at   BIGINT NOT NULL
);
CREATE INDEX citizen_draft_at ON citizen_draft (at);

CREATE TABLE citizen_link (
    link    TEXT   NOT NULL PRIMARY KEY,
    case_id TEXT   NOT NULL,
    -- 1: its holder reported the case; 0: its holder follows what somebody else reported.
    own     BIGINT NOT NULL,
    at      BIGINT NOT NULL
);

-- Cases that citizens reported, apart from all others: looking for the same problem never touches another case.
CREATE TABLE citizen_case (
    case_id     TEXT   NOT NULL PRIMARY KEY,
    category    TEXT   NOT NULL,
    county      TEXT,
    place       TEXT   NOT NULL,
    lng         BIGINT,
    lat         BIGINT,
    reported_at BIGINT NOT NULL
);
CREATE INDEX citizen_case_near ON citizen_case (category, reported_at);

-- Messages about cases, made from their acts: for a unit by its code, for an office by its post (`@dispatcher`).
CREATE TABLE case_message (
    whom     TEXT   NOT NULL,
    seq      BIGINT NOT NULL,
    case_id  TEXT   NOT NULL,
    kind     TEXT   NOT NULL,
    -- Not before the case is known to them.
    shown_at BIGINT NOT NULL,
    PRIMARY KEY (whom, seq)
);
CREATE INDEX case_message_shown ON case_message (whom, shown_at);

-- Until when an account has read its messages.
CREATE TABLE message_read (
    login TEXT   NOT NULL PRIMARY KEY,
    until BIGINT NOT NULL
);

-- Keys of other systems: the SHA-256 of each.
CREATE TABLE api_key (
    id         TEXT   NOT NULL PRIMARY KEY,
    source     TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    digest     TEXT   NOT NULL UNIQUE,
    made_at    BIGINT NOT NULL,
    revoked_at BIGINT
);

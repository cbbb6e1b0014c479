-- How often a case got more time and how often it rested, kept with it for the rates.
ALTER TABLE case_file ADD COLUMN extensions BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_file ADD COLUMN suspensions BIGINT NOT NULL DEFAULT 0;
UPDATE case_file SET
    extensions = (SELECT count(*) FROM act WHERE act.noun = 'case' AND act.id = case_file.id AND act.kind = 'grant_extension'),
    suspensions = (SELECT count(*) FROM act WHERE act.noun = 'case' AND act.id = case_file.id AND act.kind = 'grant_suspension');
CREATE INDEX case_dispatched ON case_file (dispatched_at);

-- One act done to many cases at once: what became of each, with the number of its act or why it was refused (JSON).
CREATE TABLE case_batch (
    id        TEXT   NOT NULL PRIMARY KEY,
    who       TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    kind      TEXT   NOT NULL,
    undoes    TEXT,
    undone_by TEXT
);
CREATE INDEX case_batch_who ON case_batch (who, at);
CREATE TABLE case_batch_row (
    batch   TEXT   NOT NULL,
    case_id TEXT   NOT NULL,
    seq     BIGINT,
    refusal TEXT,
    PRIMARY KEY (batch, case_id)
);

-- Filters of the list of cases that somebody keeps under a name of their own.
CREATE TABLE saved_view (
    login TEXT NOT NULL,
    name  TEXT NOT NULL,
    query TEXT NOT NULL,
    PRIMARY KEY (login, name)
);

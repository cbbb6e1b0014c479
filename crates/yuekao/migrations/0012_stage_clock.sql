-- From when on a case is due soon, and when who has it is to be told: until they are, and only while it is their turn.
ALTER TABLE case_file ADD COLUMN soon_at BIGINT;
ALTER TABLE case_file ADD COLUMN remind_at BIGINT;
CREATE INDEX case_remind ON case_file (remind_at);
CREATE INDEX case_relapse ON case_file (relapse_of);

-- How often a case was dispatched and how often it came back.
ALTER TABLE case_file ADD COLUMN dispatches BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_file ADD COLUMN returns BIGINT NOT NULL DEFAULT 0;
UPDATE case_file SET
    dispatches = (SELECT count(*) FROM act WHERE act.noun = 'case' AND act.id = case_file.id AND act.kind = 'dispatch'),
    returns = (SELECT count(*) FROM act WHERE act.noun = 'case' AND act.id = case_file.id AND act.kind = 'return');

-- A finding is the item that said it: what is known of the item stands with the finding, and only items that make no finding,
-- or could not be used, have rows of their own. Items of earlier versions that still hold what the phone said keep theirs.
ALTER TABLE observation ADD COLUMN digest TEXT NOT NULL DEFAULT '';
UPDATE observation SET digest = COALESCE((SELECT MIN(digest) FROM field_item
    WHERE field_item.id = observation.id AND answer = 'taken' AND content = ''), '');
DELETE FROM field_item WHERE answer = 'taken' AND id IN (SELECT id FROM observation WHERE digest <> '');
CREATE INDEX observation_number ON observation (phone, number);

-- What phones have handed in, wherever it stands.
CREATE VIEW every_item AS
    SELECT id, digest, login, agency, phone, number, kind, content, made_at, sent_at, received_at, answer, reason, detail
    FROM field_item
    UNION ALL
    SELECT id, digest, inspector, agency, phone, number, 'observation', '', made_at, received_at + ahead_ms, received_at, 'taken',
        NULL, NULL
    FROM observation WHERE digest <> '';

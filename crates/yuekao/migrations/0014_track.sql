-- Where a finding was made stands with the finding: a position of its own is what a phone reports between findings.
DELETE FROM field_track WHERE item IN (SELECT id FROM observation);
CREATE INDEX observation_inspector ON observation (inspector, found_at);

-- Of the items, only those are looked for by their answer that could not be used.
DROP INDEX field_item_answer;
CREATE INDEX field_item_odd ON field_item (answer, agency, received_at) WHERE answer IN ('conflict', 'refused');

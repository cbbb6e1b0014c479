-- When a case stays secret for longer, what was to be told of it is told later: its messages are looked for by it.
CREATE INDEX case_message_case ON case_message (case_id);
-- A case that was voided while it rested does not go on by itself any more.
UPDATE case_file SET rests_until = NULL WHERE stage = 'voided';

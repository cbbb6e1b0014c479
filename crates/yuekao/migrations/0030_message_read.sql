-- Up to which act an account has read its messages, beside until when: what was done at a moment may be written down after it,
-- and what is secret shows later than what was written after it.
ALTER TABLE message_read ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
UPDATE message_read SET seq = (SELECT COALESCE(MAX(seq), 0) FROM act);

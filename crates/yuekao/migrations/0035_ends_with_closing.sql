-- When an account was closed last: sessions from before have ended with it, though it may be open again. One-time links of
-- closed accounts have ended too.
ALTER TABLE account ADD COLUMN closed_last_at BIGINT;
UPDATE account SET closed_last_at = (SELECT MAX(at) FROM act
    WHERE noun = 'account' AND act.id = account.login AND kind IN ('disabled', 'handed_over'));
UPDATE password_reset SET used_at = expires_at WHERE used_at IS NULL
    AND login IN (SELECT login FROM account WHERE disabled_at IS NOT NULL);

-- In which turn a photo is looked at: 0 where somebody waits for it, 1 where it comes from the field.
ALTER TABLE field_photo ADD COLUMN turn BIGINT NOT NULL DEFAULT 1;
UPDATE field_photo SET turn = 0
    WHERE digest IN (SELECT photo FROM field_photo_from WHERE agency IN ('@desk', '@citizen'));
DROP INDEX field_photo_state;
CREATE INDEX field_photo_state ON field_photo (state, turn, received_at);

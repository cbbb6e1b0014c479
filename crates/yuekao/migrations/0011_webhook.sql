-- Addresses of other systems to which is sent what happened. Acts say all but the secret and how far it has come.
CREATE TABLE webhook (
    id            TEXT   NOT NULL PRIMARY KEY,
    name          TEXT   NOT NULL,
    url           TEXT   NOT NULL,
    -- `cases`, `publications`, separated by spaces.
    kinds         TEXT   NOT NULL,
    -- Where this site was reached when it was registered: links begin so.
    site          TEXT   NOT NULL,
    -- Signs what is sent. Empty once the tables were made again from the acts.
    secret        TEXT   NOT NULL,
    made_at       BIGINT NOT NULL,
    stopped_at    BIGINT,
    -- The last act that was taken there, or is not sent.
    done          BIGINT NOT NULL,
    -- Failures since the last success, since when, and when it is tried again.
    tries         BIGINT NOT NULL,
    failing_since BIGINT,
    next_at       BIGINT NOT NULL,
    last_at       BIGINT,
    last_answer   TEXT,
    -- A server is sending; until then no other begins.
    taken_until   BIGINT NOT NULL
);

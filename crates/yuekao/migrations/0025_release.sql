-- Releases that are over, since the task was given to somebody else, taken back or waits for another visit: what was done
-- before that is taken all the same. The one that holds stands in the assignment.
CREATE TABLE earlier_release (
    assignment  TEXT   NOT NULL,
    inspector   TEXT   NOT NULL,
    day         TEXT   NOT NULL,
    released_at BIGINT NOT NULL,
    ended_at    BIGINT NOT NULL,
    PRIMARY KEY (assignment, inspector, released_at)
);

-- When the reviewer had looked at a conflict or at what could not be used, and it left the list of those.
ALTER TABLE field_item ADD COLUMN settled_at BIGINT;

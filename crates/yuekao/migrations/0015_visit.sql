-- Of the indicators that were looked at, so many were ticked together by one tap.
ALTER TABLE visit_record ADD COLUMN rest BIGINT NOT NULL DEFAULT 0;

-- An inspector found a site closed: somebody of the agency may replace it.
CREATE TABLE closed_site (
    item       TEXT   NOT NULL PRIMARY KEY,
    assignment TEXT   NOT NULL,
    visit      TEXT,
    agency     TEXT   NOT NULL,
    login      TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    words      TEXT   NOT NULL,
    photos     TEXT   NOT NULL
);
CREATE INDEX closed_site_assignment ON closed_site (assignment);
CREATE INDEX visit_record_assignment ON visit_record (assignment);

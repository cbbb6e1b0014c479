-- A picture that shows inspectors what an indicator means; the newest, which acts have set.
CREATE TABLE reference_picture (
    indicator TEXT   NOT NULL PRIMARY KEY,
    -- Digest of the file as it was handed in; what is shown is its copy without metadata.
    photo     TEXT   NOT NULL,
    login     TEXT   NOT NULL,
    set_at    BIGINT NOT NULL
);

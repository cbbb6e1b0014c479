-- What phones hand in, as it came: nothing of it is changed or thrown away. The same id with other content is a row of
-- its own and answered `conflict`; what cannot be used is answered `refused` and stays here with the reason.
-- made_at and sent_at are by the phone's clock, received_at is by ours.
CREATE TABLE field_item (
    id          TEXT   NOT NULL,
    digest      TEXT   NOT NULL,
    login       TEXT   NOT NULL,
    agency      TEXT   NOT NULL,
    phone       TEXT   NOT NULL,
    number      BIGINT NOT NULL,
    kind        TEXT   NOT NULL,
    content     TEXT   NOT NULL,
    made_at     BIGINT NOT NULL,
    sent_at     BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    answer      TEXT   NOT NULL,
    reason      TEXT,
    detail      TEXT,
    PRIMARY KEY (id, digest)
);
CREATE INDEX field_item_number ON field_item (phone, number);
CREATE INDEX field_item_answer ON field_item (answer, agency, received_at);

-- A phone and what it has numbered: fewer numbers than the highest one means that something has not arrived.
CREATE TABLE field_phone (
    phone      TEXT   NOT NULL,
    login      TEXT   NOT NULL,
    agency     TEXT   NOT NULL,
    numbers    BIGINT NOT NULL,
    highest    BIGINT NOT NULL,
    ahead_ms   BIGINT NOT NULL,
    first_seen BIGINT NOT NULL,
    last_seen  BIGINT NOT NULL,
    PRIMARY KEY (phone, login)
);

-- Where a phone said it was. Degrees × 10⁷, WGS 84; metres.
CREATE TABLE field_track (
    item       TEXT   NOT NULL PRIMARY KEY,
    phone      TEXT   NOT NULL,
    login      TEXT   NOT NULL,
    agency     TEXT   NOT NULL,
    visit      TEXT,
    at         BIGINT NOT NULL,
    lng        BIGINT NOT NULL,
    lat        BIGINT NOT NULL,
    accuracy_m BIGINT
);
CREATE INDEX field_track_login ON field_track (login, at);
CREATE INDEX field_track_visit ON field_track (visit);

-- One inspector at one site. Its parts may arrive in any order. Once the agency has let it pass, it is evidence; a part
-- that comes later opens it again. States: new, accepted, rejected.
CREATE TABLE visit_record (
    id          TEXT   NOT NULL PRIMARY KEY,
    assignment  TEXT   NOT NULL,
    series      TEXT   NOT NULL,
    month       TEXT   NOT NULL,
    site        TEXT   NOT NULL,
    unit        TEXT   NOT NULL,
    agency      TEXT   NOT NULL,
    inspector   TEXT   NOT NULL,
    phone       TEXT   NOT NULL,
    rules       TEXT   NOT NULL,
    started_at  BIGINT NOT NULL,
    finished_at BIGINT,
    looked      TEXT   NOT NULL,
    length_m    TEXT,
    grades      TEXT   NOT NULL,
    note        TEXT   NOT NULL,
    state       TEXT   NOT NULL,
    decided_by  TEXT,
    decided_at  BIGINT,
    reason      TEXT
);
CREATE INDEX visit_record_state ON visit_record (state, agency, started_at);

-- A finding as recorded in the field, with what the review made of it: new, accepted, rejected, duplicate.
CREATE TABLE observation (
    id           TEXT   NOT NULL PRIMARY KEY,
    visit        TEXT   NOT NULL,
    assignment   TEXT   NOT NULL,
    series       TEXT   NOT NULL,
    month        TEXT   NOT NULL,
    site         TEXT   NOT NULL,
    unit         TEXT   NOT NULL,
    agency       TEXT   NOT NULL,
    inspector    TEXT   NOT NULL,
    phone        TEXT   NOT NULL,
    number       BIGINT NOT NULL,
    rules        TEXT   NOT NULL,
    indicator    TEXT   NOT NULL,
    severity     TEXT   NOT NULL,
    value        TEXT,
    place        TEXT   NOT NULL,
    note         TEXT   NOT NULL,
    lng          BIGINT,
    lat          BIGINT,
    accuracy_m   BIGINT,
    photos       TEXT   NOT NULL,
    category     TEXT   NOT NULL,
    condition    TEXT   NOT NULL,
    found_at     BIGINT NOT NULL,
    made_at      BIGINT NOT NULL,
    ahead_ms     BIGINT NOT NULL,
    received_at  BIGINT NOT NULL,
    state        TEXT   NOT NULL,
    decided_by   TEXT,
    decided_at   BIGINT,
    reason       TEXT,
    duplicate_of TEXT
);
CREATE INDEX observation_state ON observation (state, agency, found_at);
CREATE INDEX observation_visit ON observation (visit);
CREATE INDEX observation_place ON observation (category, lat);

CREATE TABLE observation_photo (
    photo       TEXT NOT NULL,
    observation TEXT NOT NULL,
    PRIMARY KEY (photo, observation)
);

-- A photo from the field. The original lies in originals/ and is never changed; what others see of it is a copy
-- without metadata in photos/, made later. States: waiting, ready, no_preview.
CREATE TABLE field_photo (
    digest      TEXT   NOT NULL PRIMARY KEY,
    media_type  TEXT   NOT NULL,
    length      BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    preview     BIGINT NOT NULL,
    state       TEXT   NOT NULL,
    reason      TEXT,
    width       BIGINT,
    height      BIGINT,
    taken_at    BIGINT,
    lng         BIGINT,
    lat         BIGINT,
    print       TEXT
);
CREATE INDEX field_photo_state ON field_photo (state, received_at);

-- Which agency handed it in: the same bytes may come from two.
CREATE TABLE field_photo_from (
    photo       TEXT   NOT NULL,
    agency      TEXT   NOT NULL,
    login       TEXT   NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (photo, agency)
);

-- The eight bytes of a picture's print, each by its place: prints that differ in at most seven bits share one.
CREATE TABLE photo_print (
    place  BIGINT NOT NULL,
    byte   BIGINT NOT NULL,
    photo  TEXT   NOT NULL,
    PRIMARY KEY (place, byte, photo)
);

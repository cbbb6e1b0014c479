-- The area in which a unit is evaluated: its own polygons with their months, not its administrative outline.
-- WGS 84, a GeoJSON geometry as text.
CREATE TABLE unit_area (
    unit       TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to   TEXT,
    geometry   TEXT NOT NULL,
    source     TEXT NOT NULL,
    PRIMARY KEY (unit, valid_from)
);

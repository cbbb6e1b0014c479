-- Findings come from streets all over the town, each to another page of this index: a finding enters it when it is
-- reviewed. The few that wait for review are found by their state.
DROP INDEX observation_place;
CREATE INDEX observation_place ON observation (category, lat) WHERE state <> 'new';

-- What a phone said in an item that was taken stands in the record of acts and is not written a second time; when its
-- position was measured stands with the position. Older rows keep their content.
ALTER TABLE field_track ADD COLUMN measured_at BIGINT;
ALTER TABLE observation ADD COLUMN measured_at BIGINT;

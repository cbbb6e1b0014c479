-- A preview that came while its original was looked at was never looked at; and a photo whose file lay on another server was
-- taken for a broken one. Both are looked at again.
UPDATE field_photo SET state = 'waiting', reason = NULL
WHERE state = 'no_preview' AND ((reason = 'no-preview' AND preview = 1) OR reason = 'broken');

-- What was found before in a unit: asked when a finding is accepted.
CREATE INDEX evidence_finding ON evidence (series, unit) WHERE kind = 'findings';

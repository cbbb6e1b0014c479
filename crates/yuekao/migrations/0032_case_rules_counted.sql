-- Under a version of the rules that names other evaluations than before, all cases are counted anew: up to which case that
-- has been done, and when for all.
ALTER TABLE case_rules ADD COLUMN counted_to TEXT;
ALTER TABLE case_rules ADD COLUMN counted_at BIGINT;

-- The file ends before its picture does: what is shown is only its beginning. Photos that were looked at before nobody asked.
ALTER TABLE field_photo ADD COLUMN cut_off BIGINT NOT NULL DEFAULT 0;

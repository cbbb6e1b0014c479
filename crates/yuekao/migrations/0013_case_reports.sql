-- Who reported a case finds it again.
CREATE INDEX act_of_reporter ON act (who, seq) WHERE noun = 'case' AND kind = 'reported';

ALTER TABLE service.credentials DROP COLUMN factor_used;
ALTER TABLE service.credentials DROP COLUMN factor;

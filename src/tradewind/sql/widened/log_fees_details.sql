-- Facts of contract 1 had an amount and a kind alone: what had been taken.
ALTER TABLE log_fees
    ADD COLUMN IF NOT EXISTS external_id String DEFAULT '' AFTER charged_at,
    ADD COLUMN IF NOT EXISTS sku String DEFAULT '' AFTER external_id,
    ADD COLUMN IF NOT EXISTS status LowCardinality(String) DEFAULT 'settled' AFTER sku,
    ADD COLUMN IF NOT EXISTS raw_kind String DEFAULT '' AFTER status

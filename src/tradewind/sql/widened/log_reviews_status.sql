-- Facts of contract 1 had no status: they were what channels had published.
ALTER TABLE log_reviews
    ADD COLUMN IF NOT EXISTS status LowCardinality(String) DEFAULT 'published' AFTER reviewed_at

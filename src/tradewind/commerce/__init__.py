"""The system of record: one folder per domain, one transaction per use case, facts in the outbox."""

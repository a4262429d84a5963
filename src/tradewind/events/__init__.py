"""Facts on their way: contracts, outbox, relay, the log, and the ledger of what a consumer has taken."""

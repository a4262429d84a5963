"""Money that moved: payments in, refunds out, as recorded facts."""

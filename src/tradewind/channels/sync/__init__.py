"""The sync engine: what every connector shares, from the rate limiter to the books."""

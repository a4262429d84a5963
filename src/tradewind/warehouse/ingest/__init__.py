"""Observed facts: from a request's body, checked against a data source's schema, through the log into its tables."""

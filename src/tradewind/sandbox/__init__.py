"""Marketplaces in a box: stand-in servers that behave as the platforms are specified, fed by one known truth."""

"""Advertising: what campaigns cost, day by day."""

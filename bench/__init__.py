"""Measurements of speed and recovery; each prints what it found beside the limit of the machine."""

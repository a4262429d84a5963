"""Which tax is on what, by where the goods go."""

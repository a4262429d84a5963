"""Exchange rates, as stored: what a unit of one currency was worth in another on a day."""

"""Work that runs by itself or on command, away from a request: what it does, and on what."""

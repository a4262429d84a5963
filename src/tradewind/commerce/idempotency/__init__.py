"""The same request with the same key gets the same answer."""

"""The demo store: an invented seller with two years of history, and a simulator that sells on while the server runs."""

"""One command per verb; each calls the functions that the API calls."""

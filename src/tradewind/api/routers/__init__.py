"""One module per area; each route names its answer and its problems."""

"""The HTTP surface of projects: events, data sources, pipes, SQL, tokens and deploys, with the format's own shapes."""

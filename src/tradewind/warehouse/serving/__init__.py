"""The query side of projects: endpoints and SQL, who may read what, what is remembered, and what was measured."""

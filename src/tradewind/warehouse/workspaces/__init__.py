"""Workspaces: deployed projects of datafiles. What stands where, who may use it, and how it changes."""

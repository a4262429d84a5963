"""Who may do what: users who sign in, their sessions, and tokens for programs."""

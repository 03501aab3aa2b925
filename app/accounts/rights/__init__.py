"""Who may do what, where, until when, and why; lending rights and confirming them. Part of accounts."""

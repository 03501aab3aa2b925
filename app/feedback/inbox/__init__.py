"""The list of cases of an officer: tabs, filters, saved views, acts on many cases at once."""

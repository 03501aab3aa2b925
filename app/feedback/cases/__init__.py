"""A case and all that is kept of it: tables, states, numbers and codes, who may do what, the due date, the history."""

"""Base: keys of the day and encryption of what waits for day closing. Knows no subject."""

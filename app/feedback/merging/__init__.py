"""Cases about the same matter: found, handled together, taken apart again. Stands on the case."""

"""Officers, roles, signing in. Imports units, audit and the base."""

"""The one gate for files people send: looked at, quarantined, made anew, and only then readable. Knows no subject."""

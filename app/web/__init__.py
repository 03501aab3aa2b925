"""Base: what every page shares (guards, headers, errors, limits, logs, health). Knows no subject."""

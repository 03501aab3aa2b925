"""The reference checker: recomputes a folder of cases with the public statistics functions; no Flask, no database."""

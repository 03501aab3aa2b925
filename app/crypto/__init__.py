"""Base: keys of the day for answers not yet closed; the key ring for personal columns and files. Knows no subject."""

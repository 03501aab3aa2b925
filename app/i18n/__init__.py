"""Base: languages and Vietnamese formats. Knows no subject."""

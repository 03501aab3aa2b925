"""One module for each export: its description and the function that makes its table."""

"""One module for each file format (pure): a table in, bytes out, nothing a formula."""

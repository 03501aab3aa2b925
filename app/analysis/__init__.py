"""Day closing, rollups, scores, results pages. Imports survey and everything below it."""

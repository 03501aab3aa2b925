"""Answers of rounds drawn at random or taken whole: imported from a file with their design, never asked by a code."""

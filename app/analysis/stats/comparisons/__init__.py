"""Differences of units, groups and periods: tests, limits, and the correction for many of them."""

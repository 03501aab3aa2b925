"""Measurements: `make bench` prints figures beside their limits. No test asserts a time."""

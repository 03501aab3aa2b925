"""Scheduled work and the runner. Imports everything but the composition."""

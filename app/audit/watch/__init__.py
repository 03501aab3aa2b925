"""Watching the record: thresholds and what stands out."""

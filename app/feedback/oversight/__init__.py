"""Casework as a whole: what came in, what was answered in time, how senders judge it; all under the one policy."""

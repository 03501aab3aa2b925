"""The one door: what happened, which of the four tracks it is, files, contact, and the case that comes of it."""

"""Keys of other systems: made, shown once, ended. Each kind has a table of its own, so none opens another's door."""

"""The answer to a case: points, drafts, a second pair of eyes, reply templates, notes, what looks personal in it."""

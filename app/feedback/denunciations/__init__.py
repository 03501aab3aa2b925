"""Anonymous information about breaches of law: tables of its own, straight to the level above, in no ordinary list."""

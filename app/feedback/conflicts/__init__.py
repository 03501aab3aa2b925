"""Conflicts of interest: who is on duty at a counter, who must not see a case, when it goes a level up."""

"""Rank intervals, groups that cannot be told apart, funnel limits: for random samples and censuses, never open ones."""

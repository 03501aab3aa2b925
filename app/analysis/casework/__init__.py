"""Casework in figures: the dashboard with the group of decision 766, and what re-checks of closed cases found."""

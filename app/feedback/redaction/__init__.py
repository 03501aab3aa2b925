"""New files and texts of a case in which personal data are blacked out; what was received stays untouched."""

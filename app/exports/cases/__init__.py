"""Files of cases: the list an officer may see, and the layout of the national complaint database."""

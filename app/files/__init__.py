"""Files that come from outside: the one gate that reads uploaded tables. Imports the base."""

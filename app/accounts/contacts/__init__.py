"""How officers are reached by message, and how much they want to be told. Imports accounts and messages."""

"""The duty roster of a counter: who serves there, entered by hand or from a table, with its history."""

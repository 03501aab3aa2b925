"""Papers in the form of the state (NĐ 30/2020), the same words as a file to edit and as a file to print."""

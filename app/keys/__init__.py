"""Life of the encryption keys: made, checked at start, rotated, retired. Imports files, audit and the base."""

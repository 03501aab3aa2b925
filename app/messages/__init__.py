"""The outbox: a row first, sending by a worker, what became of it. Knows no subject; imports the base."""

"""What the tests stand on: databases, clock, network guard, real servers and a real browser."""

"""The tests: behaviour through the public surface."""

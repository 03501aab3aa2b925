"""Codes on the counters: tokens, cards, scans. Imports accounts, units, audit and the base."""

"""Question sets, rounds, answers. Imports qr, accounts, units, audit and the base; never feedback."""

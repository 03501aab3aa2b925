"""Feedback texts of citizens. Imports qr, accounts, units, audit and the base; never survey."""

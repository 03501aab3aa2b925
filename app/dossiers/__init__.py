"""Dossiers of administrative procedures as the one-stop software knows them: on time, late, apologies owed and sent.

Beside survey and feedback, and never importing either; imports units, rules, calendar, files and what is below.
"""

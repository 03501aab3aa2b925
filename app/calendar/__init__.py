"""Working time and legal days: holidays and hours as versioned data, terms reckoned and explained.

Imports files, audit and the base.
"""

"""Versioned legal data: kinds of cases, their terms and identity rules, other matters.

Imports calendar, audit and the base.
"""

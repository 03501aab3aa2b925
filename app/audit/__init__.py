"""The record of acts: insert only. Imports the base."""

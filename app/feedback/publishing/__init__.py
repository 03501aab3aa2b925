"""Answers that everybody may read: edited copies, their moderation, the public pages."""

"""Who is told what about a case and when: news, reminders before and after the due date, the digest of the day."""

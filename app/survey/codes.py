"""The byte values of packed answers; 1…n between them are the choices."""

NOT_SHOWN = 0
NOT_TICKED = 1  # multiple choice has one byte per choice
TICKED = 2
MAX_CHOICES = 253
NOT_APPLICABLE = 254
BLANK = 255  # shown and left unanswered

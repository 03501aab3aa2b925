"""Reading of question-set files: lines, tables, parts, checks across parts. Pure; used by loading.py only."""

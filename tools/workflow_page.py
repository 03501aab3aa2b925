"""Writes docs/case-workflow.md from the table of moves."""

from pathlib import Path

from app.feedback.handling.workflow_page import markdown

PAGE = Path(__file__).resolve().parents[1] / "docs" / "case-workflow.md"

if __name__ == "__main__":
    PAGE.write_text(markdown(), encoding="utf-8")

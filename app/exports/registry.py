"""Every export there is. To add one: docs/howto/add-an-export.md."""

from app.exports.catalog import answers, unit_scores, written_answers
from app.exports.definitions import Export

EXPORTS: tuple[Export, ...] = (unit_scores.EXPORT, answers.EXPORT, written_answers.EXPORT)

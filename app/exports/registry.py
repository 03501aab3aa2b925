"""Every export there is. To add one: docs/howto/add-an-export.md."""

from app.exports.catalog import answers, sampled_results, unit_scores, written_answers
from app.exports.definitions import Export

EXPORTS: tuple[Export, ...] = (
    unit_scores.EXPORT,
    *sampled_results.EXPORTS.values(),
    answers.EXPORT,
    written_answers.EXPORT,
)

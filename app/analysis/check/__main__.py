"""`python -m app.analysis.check FOLDER`: one line per case and a summary; exit 0 only when every case is ok.

Exit 1: a case differs or is not covered. Exit 2: the folder is not one of the format stat-ref-1.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from app.analysis.check.compare import Status
from app.analysis.check.families import HANDLERS
from app.analysis.check.folder import read_folder
from app.analysis.check.frames import FolderError
from app.analysis.check.runner import run


def main(arguments: Sequence[str]) -> int:
    """Check the folder named on the command line and say what came out."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m app.analysis.check FOLDER\n")
        return 2
    try:
        files = read_folder(Path(arguments[0]))
    except FolderError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    verdicts: Counter[str] = Counter()
    for outcome in run(files, HANDLERS):
        sys.stdout.write(f"{outcome.line}\n")
        verdicts[outcome.comparison.status] += 1
    counted = ", ".join(f"{verdicts[status]} {status}" for status in Status)
    sys.stdout.write(f"{verdicts.total()} cases: {counted}\n")
    return 0 if verdicts.total() == verdicts[Status.OK] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

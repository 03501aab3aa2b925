"""Read an SPSS file in a process of its own, which a damaged file may kill without harm to a web worker.

The library for the format is written in C; with one byte changed it can end its process. The child has its own
limits of memory and time, runs this file alone and does not load the application.
"""

import json
import resource
import subprocess
import sys
from typing import Any

LONGEST_SECONDS = 60
MOST_BYTES = 2 * 1024**3
REFUSED = 3


class UnreadableFileError(Exception):
    """The child could not read the file, or ended on it."""


def read(data: bytes, *, rows: int, columns: int) -> dict[str, Any]:
    """Counts (``columns``, ``rows``) and, unless one is above its limit, the ``variables`` of a file.

    Each variable: name, label, ``words`` (pairs of value and label), ``missing`` (declared ranges), values with None
    for no value. One row more than ``rows`` is read at most.

    Raises
    ------
    UnreadableFileError
        The file is no SPSS file, is damaged, or asks for too much memory or time.
    """
    try:
        done = subprocess.run(  # noqa: S603  # a fixed command; the file goes in through the pipe
            [sys.executable, "-I", "-X", "utf8", __file__, str(rows), str(columns)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=LONGEST_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableFileError from error
    if done.returncode != 0:
        raise UnreadableFileError
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _main(rows: int, columns: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_SECONDS, LONGEST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import io

    import pyreadstat

    data = sys.stdin.buffer.read()
    try:
        _, about = pyreadstat.read_sav(io.BytesIO(data), metadataonly=True, output_format="dict")
        counts = {"columns": about.number_columns or 0, "rows": about.number_rows or 0}
        if counts["columns"] > columns or counts["rows"] > rows:
            print(json.dumps({**counts, "variables": []}))  # noqa: T201  # the pipe to the parent
            return
        # One row more than allowed: the header of a compressed file need not tell the truth.
        found, about = pyreadstat.read_sav(
            io.BytesIO(data),
            output_format="dict",
            user_missing=True,
            disable_datetime_conversion=True,
            row_limit=rows + 1,
        )
    except (pyreadstat.ReadstatError, UnicodeDecodeError, ValueError, OverflowError, MemoryError):
        sys.exit(REFUSED)
    read_rows = max((len(values) for values in found.values()), default=0)
    variables = [_variable(name, values, about) for name, values in found.items()]
    print(json.dumps({"columns": len(found), "rows": read_rows, "variables": variables}))  # noqa: T201


def _variable(name: str, values: Any, about: Any) -> dict[str, Any]:
    return {
        "name": name,
        "label": about.column_names_to_labels.get(name) or "",
        "words": [[_plain(value), str(word)] for value, word in about.variable_value_labels.get(name, {}).items()],
        "missing": [
            [_plain(one["lo"]), _plain(one["hi"])] if isinstance(one, dict) else [_plain(one)] * 2
            for one in about.missing_ranges.get(name, ())
        ],
        "values": [_plain(value) for value in values],
    }


def _plain(value: Any) -> float | str | None:
    """A number, a text, or None for no value; infinite numbers as text, since JSON has none."""
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124  # NaN
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value)
        return number if abs(number) < float("inf") else str(number)
    return str(value)


if __name__ == "__main__":
    _main(int(sys.argv[1]), int(sys.argv[2]))

"""`make db`: a PostgreSQL in a temporary folder, empty, until Ctrl-C; the same that the tests bring up."""

import signal
from types import FrameType

from tests.support.postgresql import running_server


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """Start the server, say how to reach it, and wait."""
    signal.signal(signal.SIGTERM, _stop)
    with running_server() as address:
        print(f"export DATABASE_URL='{address}'\n(nothing is kept; Ctrl-C stops it)", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()

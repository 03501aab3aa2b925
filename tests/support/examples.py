"""How many examples a property gets: what it says is about our code, so most of them are tried where they are cheap.

A run for PostgreSQL alone tries enough to meet what differs there: types, locks, sorting and the way NULL counts.
"""

_only: list[str] = []


def run_on(chosen: str) -> None:
    """Remember for which database this run is."""
    _only[:] = [chosen]


def examples(many: int, on_postgresql: int) -> int:
    """The number of examples of a property on this run's database."""
    return on_postgresql if _only == ["postgresql"] else many

"""Where somebody may be sent after signing in (pure)."""

from urllib.parse import urlsplit


def local_target(wanted: str) -> str | None:
    """``wanted`` if it is the path of one of our officer pages, else None: nobody is sent to another site."""
    if not wanted.isprintable() or "\\" in wanted or " " in wanted:
        return None
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return None
    is_local = not parts.scheme and not parts.netloc and f"{parts.path}/".startswith("/officer/")
    return wanted if is_local else None

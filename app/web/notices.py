"""Short messages after an act, without a cookie: the redirect names one of the page's own messages in its address."""

from collections.abc import Mapping

from flask import request

NAME = "done"


def notice(messages: Mapping[str, str], kind: str = "success") -> list[tuple[str, str]]:
    """For the ``flashes`` of ``layouts/officer.html``: the message whose key stands in ``?done=``, if it is ours."""
    found = messages.get(request.args.get(NAME, ""))
    return [] if found is None else [(kind, found)]

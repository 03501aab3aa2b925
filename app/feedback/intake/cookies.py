"""The cookies of citizens' sessions: a random token and nothing else, set and removed by posts only."""

from collections.abc import Sequence

from flask import request
from werkzeug.wrappers import Response

from app.web.pages import site

DOOR = "door"
FOLLOW = "follow"


def token_of(name: str) -> str:
    """The token a browser sent, or an empty text."""
    return request.cookies.get(name, "")


def give(response: Response, name: str, token: str, paths: Sequence[str], seconds: int) -> None:
    """Let the browser keep a token, for these addresses and for a while; no other site's page can make it sent."""
    for path in paths:
        response.set_cookie(
            name,
            token,
            max_age=seconds,
            path=path,
            secure=site().config.is_secure,
            httponly=True,
            samesite="Strict",
        )


def take_back(response: Response, name: str, paths: Sequence[str]) -> None:
    """Let the browser forget it."""
    for path in paths:
        response.delete_cookie(name, path=path, secure=site().config.is_secure, httponly=True, samesite="Strict")

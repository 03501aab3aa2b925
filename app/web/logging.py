"""JSON log lines with a request id and without personal data.

A line names the route template, never the address asked for: no token, no counter, no query, no client address, no
browser. Exceptions are logged by type and place; their texts may quote what somebody typed.
"""

import logging
import secrets
import sys
import time
import traceback

import structlog
from flask import Flask, g, request
from werkzeug.wrappers import Response

from app.config import Config


def init_logging(app: Flask, config: Config) -> None:
    """Write one line for each request, and give each an id that error pages show."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(config.log_level)),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    log = structlog.get_logger("web")

    @app.before_request
    def begin() -> None:
        g.request_id = secrets.token_hex(6)
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.request_id
        log.info(
            "request",
            request_id=g.request_id,
            method=request.method,
            route=request.url_rule.rule if request.url_rule else "unknown",
            status=response.status_code,
            ms=round((time.perf_counter() - g.began) * 1000, 1),
        )
        return response


def log_exception(error: BaseException) -> None:
    """Record where an unexpected error happened, without its text."""
    frames = traceback.extract_tb(error.__traceback__)
    structlog.get_logger("web").error(
        "unexpected error",
        request_id=g.get("request_id", ""),
        kind=type(error).__name__,
        at=[f"{frame.filename.rpartition('/app/')[2]}:{frame.lineno} {frame.name}" for frame in frames[-6:]],
    )

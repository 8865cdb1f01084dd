"""Logs: structured, to standard error, readable on a terminal and JSON otherwise."""

import logging
import re
import sys

import structlog

_PASSWORD_IN_URL = re.compile(r"(?<=://)([^\s:/@]*):[^\s@]+@")


def configure_logging(*, json: bool, debug: bool) -> None:
    """Set up structlog for this process; the libraries' own loggers speak only when debugging."""
    level = logging.DEBUG if debug else logging.INFO
    logging.basicConfig(stream=sys.stderr, level=logging.DEBUG if debug else logging.CRITICAL, force=True)
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            mask_passwords,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def mask_passwords(
    _logger: structlog.typing.WrappedLogger, _method: str, entry: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Take the passwords out of URLs, whoever put them into a log entry; tracebacks included."""
    return {name: _masked(value) for name, value in entry.items()}


def _masked(value: object) -> object:
    return _PASSWORD_IN_URL.sub(r"\1:***@", value) if isinstance(value, str) else value

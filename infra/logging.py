"""Logs: structured, to standard error, readable on a terminal and JSON otherwise."""

import logging
import re
import sys

import structlog

_PASSWORD_IN_URL = re.compile(r"(?<=://)([^\s:/@]*):[^\s@]+@")
# As libraries print their settings, when debugging: {'sasl_plain_password': '...'}, in either quotes.
_PASSWORD_SET = re.compile(r"""(?<=password['"]: )('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")


def configure_logging(*, json: bool, debug: bool) -> None:
    """Set up structlog for this process; the libraries' own loggers speak only when debugging, and masked."""
    level = logging.DEBUG if debug else logging.INFO
    libraries = logging.StreamHandler(sys.stderr)
    libraries.setFormatter(_MaskingFormatter(logging.BASIC_FORMAT))
    logging.basicConfig(handlers=[libraries], level=logging.DEBUG if debug else logging.CRITICAL, force=True)
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


class _MaskingFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return _masked_text(super().format(record))


def _masked(value: object) -> object:
    return _masked_text(value) if isinstance(value, str) else value


def _masked_text(text: str) -> str:
    return _PASSWORD_SET.sub("'***'", _PASSWORD_IN_URL.sub(r"\1:***@", text))

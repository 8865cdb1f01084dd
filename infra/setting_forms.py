"""What a setting's text must look like. A refusal names the variable, never its value: that may hold a password."""

import re
from collections.abc import Collection

import psycopg
from psycopg.conninfo import conninfo_to_dict

_PREFIX = re.compile(r"[A-Za-z0-9._-]{0,200}")
_HIGHEST_PORT = 65_535
# Of a number of milliseconds: eleven days.
_MOST_DIGITS = 9


class SettingWrong(Exception):
    """A setting that cannot mean anything. ``settings.wrong``."""

    code = "settings.wrong"


def database_url(variable: str, text: str) -> str:
    """Take a connection URL, or libpq's other form.

    Raises:
        SettingWrong: ``settings.wrong``.
    """
    try:
        conninfo_to_dict(text)
    except psycopg.Error:  # libpq says what is wrong by repeating it, the password too
        form = "postgresql://role:<password>@host:port/name"
        mend = "percent-encode what is special in a password"
        raise SettingWrong(f"{variable} is not of the form {form}; {mend}") from None
    return text


def bootstrap(variable: str, text: str) -> str:
    """Take the addresses of brokers (errors as ``database_url``)."""
    for server in text.split(","):
        host, _, port = server.strip().rpartition(":")
        if not (host and port.isascii() and port.isdigit() and 0 < int(port) <= _HIGHEST_PORT):
            raise SettingWrong(f"{variable} is not of the form host:port, several with commas")
    return text


def topic_prefix(variable: str, text: str) -> str:
    """Take what stands before topic names (errors as ``database_url``)."""
    if not _PREFIX.fullmatch(text):
        raise SettingWrong(f"{variable} may hold letters, digits, points, lines and underscores only, at most 200")
    return text


def one_of(variable: str, text: str, known: Collection[str]) -> str:
    """Take one of some words (errors as ``database_url``)."""
    if text not in known:
        raise SettingWrong(f"{variable} is none of {', '.join(known)}")
    return text


def milliseconds(variable: str, text: str, least: int) -> int:
    """Take a whole number of milliseconds (errors as ``database_url``)."""
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS and int(text) >= least):
        raise SettingWrong(f"{variable} is not a whole number of milliseconds from {least} on")
    return int(text)


def whole(variable: str, text: str, least: int, most: int) -> int:
    """Take a whole number within bounds (errors as ``database_url``)."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most):
        raise SettingWrong(f"{variable} is not a whole number from {least} to {most}")
    return int(text)

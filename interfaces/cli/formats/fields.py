"""Reading one field: text in, value out, or a ``FieldError`` with a stable code."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from domain.calendar import FIRST_DAY
from domain.composition import parse_composition
from domain.mass import parse_kg
from interfaces.cli.formats.errors import FieldError

MAX_KEY, MAX_TEXT = 64, 500
_USCC_AND_SLASH = 19
# Places before the exponent, or a sign in it: 1E5 and 7E12 are keys like others.
_SPREADSHEET_NUMBER = re.compile(r"[0-9](?:[.,][0-9]+E\+?|E\+)[0-9]{1,3}", re.ASCII | re.IGNORECASE)
_SPREADSHEET_DATE = re.compile(r"[0-9]{1,4}[/.][0-9]{1,2}[/.][0-9]{1,4}", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_LINE_NO = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_PRICE = re.compile(r"[0-9]{1,9}(?:\.[0-9]+)?", re.ASCII)
MAX_LINE_NO = 999
_ROLES = ("end_user", "trader", "forwarder", "manufacturer")
_ACTIONS = ("suspend", "reinstate")
_REASONS = ("shortage", "surplus", "damaged", "seal_broken", "other")
_VOIDABLE = ("sale", "shipment")


def check_characters(text: str) -> None:
    """Refuse control characters (NUL, line breaks and halves of characters included): ``field.control_character``."""
    if text.isprintable():
        return
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}:
            raise FieldError(
                "field.control_character",
                f"holds the control character U+{ord(character):04X} (a line break inside quotes, perhaps)",
            )


def key(text: str) -> str:
    """Read a natural key: 1 to 64 printable characters of any script, no blank at either end."""
    if len(text) > MAX_KEY:
        raise FieldError("key.too_long", f"is longer than {MAX_KEY} characters")
    if text != text.strip():
        raise FieldError("key.blank_at_end", "begins or ends with a blank")
    if not text.isprintable():
        raise FieldError("key.not_printable", "holds a character that cannot be printed")
    if _SPREADSHEET_NUMBER.fullmatch(text):
        raise FieldError(
            "key.spreadsheet_number",
            f"{text!r} looks like a number that a spreadsheet has reformatted; format the column as text and"
            " enter it again",
        )
    return text


def inner_key(value: str, *, column: str) -> str:
    """Read a natural key that is a part of another column; errors as ``key``, and that column is to blame."""
    try:
        return key(value)
    except FieldError as error:
        raise FieldError(error.code, error.message, field=column) from error


def text(value: str) -> str:
    """Read free text of at most 500 characters: ``text.too_long``."""
    if len(value) > MAX_TEXT:
        raise FieldError("text.too_long", f"is longer than {MAX_TEXT} characters")
    return value


def day(value: str) -> date:
    """Read a date ``YYYY-MM-DD``: ``date.malformed``, ``date.spreadsheet``."""
    if _SPREADSHEET_DATE.fullmatch(value):
        raise FieldError(
            "date.spreadsheet",
            f"{value!r} looks like a date that a spreadsheet has reformatted; write it as YYYY-MM-DD",
        )
    if _DATE.fullmatch(value) is None:
        raise FieldError("date.malformed", f"{value!r} is not a date of the form YYYY-MM-DD")
    try:
        found = date.fromisoformat(value)
    except ValueError as error:
        raise FieldError("date.malformed", f"{value!r} is not a day of the calendar") from error
    if found < FIRST_DAY:
        raise FieldError("date.malformed", f"{value!r} is before {FIRST_DAY}, the first day that can be kept")
    return found


def line_no(value: str) -> int:
    """Read a line number, 1 to 999: ``line_no.malformed``."""
    if _LINE_NO.fullmatch(value) is None or int(value) > MAX_LINE_NO:
        raise FieldError("line_no.malformed", f"{value!r} is not a whole number from 1 to {MAX_LINE_NO}")
    return int(value)


def mass(value: str) -> int:
    """Read kilograms as milligrams (errors of ``domain.mass.parse_kg``)."""
    return parse_kg(value)


def composition(value: str) -> dict[str, int]:
    """Read a composition (errors of ``domain.composition.parse_composition``)."""
    return parse_composition(value)


def price(value: str) -> str:
    """Read a price, kept as text: ``price.malformed``."""
    if _PRICE.fullmatch(value) is None:
        raise FieldError("price.malformed", f"{value!r} is not a plain decimal number")
    return value


def role(value: str) -> str:
    """Read a client's role: ``role.unknown``."""
    return _one_of(value, _ROLES, "role.unknown")


def voidable(value: str) -> str:
    """Read what is voided: ``void.kind_unknown``."""
    return _one_of(value, _VOIDABLE, "void.kind_unknown")


def void_key(value: str) -> str:
    """Read the key of what is voided, a USCC, a slash and a key at most: printable, no blank at either end."""
    return _printable(value, MAX_KEY + _USCC_AND_SLASH)


def number(value: str) -> int:
    """Read what counts filings under one key, from 1: ``number.malformed``."""
    if _LINE_NO.fullmatch(value) is None:
        raise FieldError("number.malformed", f"{value!r} is not a whole number from 1")
    return int(value)


def stream(value: str) -> str:
    """Read the name of an exporter's or a client's stream; errors as ``void_key``."""
    return _printable(value, len("client/") + _USCC_AND_SLASH + MAX_KEY)


def standing_action(value: str) -> str:
    """Read a change of standing: ``standing.action_unknown``."""
    return _one_of(value, _ACTIONS, "standing.action_unknown")


def difference_reason(value: str) -> str:
    """Read why what arrived differs from what was shipped: ``reason.unknown``."""
    return _one_of(value, _REASONS, "reason.unknown")


def _one_of(value: str, known: Sequence[str], code: str) -> str:
    if value not in known:
        raise FieldError(code, f"{value!r} is none of {', '.join(known)}")
    return value


def _printable(value: str, longest: int) -> str:
    if value != value.strip():
        raise FieldError("key.blank_at_end", "begins or ends with a blank")
    if not value.isprintable():
        raise FieldError("key.not_printable", "holds a character that cannot be printed")
    if len(value) > longest:
        raise FieldError("key.too_long", f"is longer than {longest} characters")
    return value

"""Identifiers that carry their own check: USCC, LEI and container numbers."""

import re
from typing import ClassVar

from domain.errors import DomainError

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUE = {character: value for value, character in enumerate(USCC_ALPHABET)}
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LEI_VALUE = {character: str(value) for value, character in enumerate(_ALPHANUMERIC)}
_CONTAINER_VALUE = dict(zip(_ALPHANUMERIC, (n for n in range(39) if n not in {11, 22, 33}), strict=True))
_USCC_FORM = re.compile(r"[0-9A-Za-z]{18}", re.ASCII)
_USCC_LENGTH, _LEI_LENGTH, _CONTAINER_LENGTH = 18, 20, 11


def is_valid_uscc(text: str) -> bool:
    """Tell whether a unified social credit code holds its check character (GB 32100-2015, MOD 31-3)."""
    if len(text) != _USCC_LENGTH or not all(character in _USCC_VALUE for character in text):
        return False
    total = sum(_USCC_VALUE[character] * weight for character, weight in zip(text, _USCC_WEIGHTS, strict=False))
    return text[-1] == USCC_ALPHABET[(31 - total % 31) % 31]


def is_valid_lei(text: str) -> bool:
    """Tell whether a legal entity identifier holds its check digits (ISO 17442, MOD 97-10)."""
    if len(text) != _LEI_LENGTH or not all(character in _LEI_VALUE for character in text) or not text[-2:].isdigit():
        return False
    return int("".join(_LEI_VALUE[character] for character in text)) % 97 == 1


def is_valid_container(text: str) -> bool:
    """Tell whether a container number holds its check digit (ISO 6346; remainder 10 is written 0)."""
    if len(text) != _CONTAINER_LENGTH or not text.isascii():
        return False
    owner, digits = text[:4], text[4:]
    if not (owner.isalpha() and owner.isupper() and digits.isdigit()):
        return False
    total = sum(_CONTAINER_VALUE[character] << place for place, character in enumerate(text[:-1]))
    return int(text[-1]) == total % 11 % 10


class UsccInvalid(DomainError):
    """Not a unified social credit code, or its check character is wrong."""

    code: ClassVar[str] = "uscc.invalid"


class LeiInvalid(DomainError):
    """Not a legal entity identifier, or its check digits are wrong."""

    code: ClassVar[str] = "lei.invalid"


class ContainerInvalid(DomainError):
    """Not a container number, or its check digit is wrong."""

    code: ClassVar[str] = "container.invalid"


def require_uscc_form(text: str, *, field: str) -> None:
    """Refuse what no event can hold as a USCC, whoever files it: ``uscc.invalid``."""
    if _USCC_FORM.fullmatch(text) is None:
        raise UsccInvalid(f"{text!r} is not a unified social credit code: 18 ASCII letters or digits", field=field)


def check_uscc(text: str, *, field: str) -> None:
    """Refuse what is no USCC: ``uscc.invalid``."""
    if not is_valid_uscc(text):
        raise UsccInvalid(
            f"{text!r} is not a unified social credit code (18 characters, the last one checks)", field=field
        )


def check_lei(text: str, *, field: str) -> None:
    """Refuse what is no LEI: ``lei.invalid``."""
    if not is_valid_lei(text):
        raise LeiInvalid(f"{text!r} is not a legal entity identifier (20 characters, the last two check)", field=field)


def check_container(text: str, *, field: str) -> None:
    """Refuse what is no container number: ``container.invalid``."""
    if not is_valid_container(text):
        raise ContainerInvalid(
            f"{text!r} is not a container number (4 letters, 7 digits, the last one checks)",
            field=field,
            text=text,
        )

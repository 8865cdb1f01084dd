"""Identifiers of fictitious firms, with check characters worked out here and not by the code that judges them."""

from random import Random

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ALPHANUMERIC = "0123456789" + _LETTERS
# Region 999999 exists nowhere: no real firm can have such a code.
_USCC_STEM = "91999999MA"


def uscc(random: Random) -> str:
    """Make a unified social credit code (GB 32100-2015)."""
    body = _USCC_STEM + "".join(random.choices(_USCC, k=7))
    total = sum(_USCC.index(character) * 3**place for place, character in enumerate(body))
    return body + _USCC[-total % 31]


def lei(random: Random) -> str:
    """Make a legal entity identifier (ISO 17442) with a prefix that no issuer has."""
    body = "000000" + "".join(random.choices(_ALPHANUMERIC, k=12))
    number = int("".join(str(int(character, 36)) for character in body + "00"))
    return f"{body}{98 - number % 97:02d}"


def container(random: Random) -> str:
    """Make a container number (ISO 6346) of the unassigned owner ZZZ."""
    body = f"ZZZU{random.randrange(1_000_000):06d}"
    total = sum(_container_value(character) * 2**place for place, character in enumerate(body))
    return f"{body}{total % 11 % 10}"


def _container_value(character: str) -> int:
    if character.isdigit():
        return int(character)
    value = 10 + _LETTERS.index(character)
    # Multiples of 11 are left out.
    return value + (value > 10) + (value >= 21) + (value >= 31)

"""Countries by ISO 3166-1 alpha-2."""

from typing import ClassVar

from iso3166 import countries_by_alpha2

from domain.errors import DomainError

# The package lists it, but the standard leaves it to its users.
_USER_ASSIGNED = frozenset({"XK"})


class CountryUnknown(DomainError):
    """Not an ISO 3166-1 alpha-2 code."""

    code: ClassVar[str] = "country.unknown"


def check_country(text: str, *, field: str) -> None:
    """Refuse what is no ISO 3166-1 alpha-2 code: ``country.unknown``."""
    if text not in countries_by_alpha2 or text in _USER_ASSIGNED:
        raise CountryUnknown(f"{text!r} is not a country code of ISO 3166-1 (two letters, such as DE)", field=field)

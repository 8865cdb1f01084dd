"""Which codes name a country."""

import pytest

from domain.countries import CountryUnknown, check_country


@pytest.mark.parametrize("code", ["DE", "CN", "TW", "AX"])
def test_codes_of_the_standard_name_countries(code: str) -> None:
    """Officially assigned ones, of territories too."""
    assert check_country(code, field="country") is None  # type: ignore[func-returns-value] # what it gives is no refusal


@pytest.mark.parametrize("code", ["XK", "de", "DEU", "", "QZ", "EU"])
def test_other_codes_do_not(code: str) -> None:
    """Another case, another length, codes that are free for use or reserved."""
    with pytest.raises(CountryUnknown) as raised:
        check_country(code, field="country")
    assert (raised.value.code, raised.value.field) == ("country.unknown", "country")

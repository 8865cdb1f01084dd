"""Grades of sintered magnets with plausible nominal compositions, in ppm by mass."""

from dataclasses import dataclass

FROM = "2021-01-01"


@dataclass(frozen=True, slots=True)
class GradeRow:
    """A row of ``grades.csv``."""

    grade: str
    family: str
    composition: str
    effective_from: str


# Higher coercivity (M, H, SH, UH, EH) takes more dysprosium and terbium; remanence the other way round.
_NDFEB = (
    ("N35", 295_000, 0, 0),
    ("N42", 293_000, 0, 0),
    ("N52", 288_000, 0, 0),
    ("45M", 288_000, 6_000, 0),
    ("42H", 280_000, 15_000, 0),
    ("42SH", 270_000, 25_000, 2_000),
    ("38UH", 255_000, 40_000, 5_000),
    ("35EH", 240_000, 55_000, 8_000),
    ("30AH", 225_000, 70_000, 12_000),
)
_SMCO = (("SmCo5-20", 340_000, 620_000, 0), ("SmCo17-28", 255_000, 500_000, 0), ("SmCo17-32", 250_000, 490_000, 15_000))


def grade_rows() -> list[GradeRow]:
    """Give every grade, then the revisions of some."""
    rows = [GradeRow(f"NdFeB-{name}", "NdFeB", _ndfeb(light, dy, tb), FROM) for name, light, dy, tb in _NDFEB]
    rows += [GradeRow(name, "SmCo", _shares({"Sm": sm, "Co": co, "Gd": gd}), FROM) for name, sm, co, gd in _SMCO]
    # Grain-boundary diffusion saved heavy rare earths; earlier sales keep the composition they were made with.
    rows.append(GradeRow("NdFeB-42SH", "NdFeB", _ndfeb(278_000, 14_000, 1_000), "2023-07-01"))
    rows.append(GradeRow("NdFeB-38UH", "NdFeB", _ndfeb(264_000, 28_000, 3_000), "2024-01-01"))
    rows.append(GradeRow("NdFeB-42SH", "NdFeB", _ndfeb(280_000, 11_000, 1_000), "2024-09-15"))
    return rows


def _ndfeb(light: int, dysprosium: int, terbium: int) -> str:
    praseodymium = light // 4
    shares = {"Nd": light - praseodymium, "Pr": praseodymium, "Dy": dysprosium, "Tb": terbium, "B": 10_000}
    return _shares(shares)


def _shares(shares: dict[str, int]) -> str:
    return ";".join(f"{element}={ppm}" for element, ppm in shares.items() if ppm)

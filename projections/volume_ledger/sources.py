"""Where figures are read: a table whose rows have an array of amounts beside an array of what they are of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from projections.volume_ledger.filters import Filters


@dataclass(frozen=True, slots=True)
class Source:
    """A table of amounts, and what the words of a question are called in it.

    Attributes:
        rows: a FROM clause whose table is ``r``, with conditions of its own.
        lines: the array column beside ``ng``.
        line: the word that says what each of its values is.
        columns: other word -> SQL on ``r``; a word that is missing is not known here. ``business_date`` is what days
            are compared with; without it months are compared.
    """

    rows: str
    lines: str
    line: str
    columns: Mapping[str, str]

    def select(self, words: Sequence[str], filters: Filters) -> str:
        """Give a SELECT of these words and ``ng``, of what passes the filters.

        Arrays are unnested in the select list, and a single value is looked up in its array: a join with what a
        function gives costs three times as much.
        """
        value = filters.only(self.line)
        if value is None:
            line, amount = f"unnest(r.{self.lines})", "unnest(r.ng)"
            passes = filters.on({self.line: f"line.{self.line}"})
        else:
            line, amount = f"{value}::text", f"r.ng[array_position(r.{self.lines}, {value}::text)]"
            passes = ["line.ng IS NOT NULL"]
        named = [f"{self.columns.get(word, 'NULL::text')} AS {word}" for word in words if word != self.line]
        where = [*filters.on(self.columns), *filters.on_time(self.columns)]
        return (
            f"SELECT {', '.join([*words, 'ng'])} FROM (SELECT {', '.join([*named, f'{line} AS {self.line}'])},"  # noqa: S608 - only names and statements of ours are put in; values are bound
            f" {amount} AS ng FROM {self.rows} {_all(where)}) line WHERE {' AND '.join(passes) or 'true'}"
        )


def _all(clauses: Sequence[str]) -> str:
    return "".join(f" AND {clause}" for clause in clauses)


def total_source(table: str, lines: str, line: str, words: Sequence[str]) -> Source:
    """Read the chosen blocks of a total."""
    rows = (
        "unnest(%(levels)s::smallint[], %(blocks)s::bigint[]) AS chosen (level, block)"
        f" JOIN {table} r ON r.level = chosen.level AND r.block = chosen.block WHERE true"
    )
    return Source(rows, lines, line, {word: f"r.{word}" for word in words})


def ledger_source(places: str, business_date: str = "r.business_date") -> Source:
    """Read the ledger's rows (``r``) at these places."""
    words = ("position", "client", "exporter", "destination", "measure")
    columns = {**{word: f"r.{word}" for word in words}, "business_date": business_date}
    columns["month"] = "to_char(r.business_date, 'YYYY-MM')"
    return Source(f"volume_entries r WHERE {places}", "elements", "element", columns)

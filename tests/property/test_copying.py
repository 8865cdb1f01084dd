"""Lines for COPY that are written here say the same as those that psycopg writes."""

from hypothesis import example, given
from hypothesis import strategies as st
from psycopg import Connection
from psycopg._copy_base import _format_row_text  # the reference, which has no public name
from psycopg.adapt import Transformer

from projections.copying import escaped, escaped_or_null
from tests.support.services import Database

BREAKING = "\b\t\n\v\f\r\\N."
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0") | st.sampled_from(BREAKING), max_size=30)


def _by_psycopg(row: list[str | None]) -> str:
    out = bytearray()
    _format_row_text(row, Transformer(), out)
    return out.decode()


@given(st.lists(TEXTS | st.none(), min_size=1, max_size=4))
@example([r"\N"])
@example([r"\."])
@example(["", None, "\N{LINE SEPARATOR}\x85\x7f\x1b", "a\r\nb\tc\\"])
def test_a_line_is_byte_for_byte_that_of_psycopg(row: list[str | None]) -> None:
    """Whatever the texts: tabs, line ends, backslashes, and what looks like NULL or like the end."""
    assert "\t".join(map(escaped_or_null, row)) + "\n" == _by_psycopg(row)


@given(TEXTS)
def test_a_text_that_is_there_is_never_null(text: str) -> None:
    """Nor does it end its field or its line."""
    assert escaped(text) != r"\N"
    assert not set(escaped(text)) & set("\t\n\r")


def test_postgresql_reads_back_what_was_written(database: Database) -> None:
    """The texts that would break a line if they were not escaped."""
    texts = ["a\tb", "a\nb", "a\r\nb", r"\N", r"\.", "\\", "a\\tb", "\b\v\f\x1b", "磁\u2028\U0001f9f2", ""]
    with Connection.connect(database.admin_url) as connection:
        connection.execute("CREATE TEMPORARY TABLE texts (place int, text text)")
        with connection.cursor() as cursor, cursor.copy("COPY texts FROM STDIN") as copy:
            copy.write("".join(f"{place}\t{escaped(text)}\n" for place, text in enumerate(texts)))
        found = connection.execute("SELECT text FROM texts ORDER BY place").fetchall()
    assert [text for (text,) in found] == texts

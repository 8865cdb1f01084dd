"""Which streams have a key, name, LEI, registry, licence or container number that contains a text?"""

from projections.ports import Rows
from projections.stream_search.query import FoundStream

# strpos knows no wildcards and no escapes. The latest of several matches is the one that is told.
_FOUND = """
SELECT hit.stream, coalesce(named.value, substr(hit.stream, strpos(hit.stream, '/') + 1)), hit.attribute, hit.value
FROM (
    SELECT DISTINCT ON (w.stream) w.stream, w.attribute, w.value FROM search_words w
    WHERE w.position <= %(position)s AND strpos(w.folded, %(text)s) > 0
      AND (%(kind)s::text IS NULL OR starts_with(w.stream, %(kind)s::text || '/'))
    ORDER BY w.stream, w.position DESC, w.ordinal) AS hit
LEFT JOIN LATERAL (
    SELECT n.value FROM search_words n
    WHERE n.stream = hit.stream AND n.attribute = 'name' AND n.position <= %(position)s
    ORDER BY n.position DESC, n.ordinal LIMIT 1) AS named ON true
ORDER BY hit.stream COLLATE "C"
"""


def find(rows: Rows, text: str, kind: str | None, position: int) -> list[FoundStream]:
    """Give the streams that contain a text, whatever its case, in what was stated up to a position."""
    found = rows.execute(_FOUND, {"text": text.casefold(), "kind": kind, "position": position})
    return [FoundStream(stream, label, f"{attribute}: {value}") for stream, label, attribute, value in found]

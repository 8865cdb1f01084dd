"""CSV without a quote: records are lines and fields stand between commas, so text is split instead of parsed."""

from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from pathlib import Path

_CHUNK_BYTES = 1024 * 1024


def records_of(text: str, longest: int) -> list[str] | None:
    """Give the lines of whole records, without their ends; None where only a parser knows what is a record.

    Args:
        text: begins and ends with records.
        longest: a field of more characters is the parser's to refuse.
    """
    if '"' in text or "\0" in text or len(text) > longest:
        return None
    if "\r" not in text:
        return text.split("\n")
    # All lines end alike, so that the bytes of each can be counted.
    ends = text.count("\r\n")
    return text.split("\r\n") if ends == text.count("\r") == text.count("\n") else None


def lengths(records: Sequence[str], text: str) -> list[int]:
    """Give the bytes of each of a text's records, line ends included (the last may have none)."""
    end = 2 if "\r" in text else 1
    if text.isascii():
        return [len(record) + end for record in records]
    return [len(record.encode()) + end for record in records]


def chunks(path: Path) -> Iterator[tuple[int, bytes]]:
    """Give a file behind its byte order mark, in pieces that end with lines, and where each begins."""
    with path.open("rb") as stream:
        offset = len(BOM_UTF8) if stream.read(len(BOM_UTF8)) == BOM_UTF8 else 0
        stream.seek(offset)
        while chunk := stream.read(_CHUNK_BYTES):
            chunk += stream.readline()
            yield offset, chunk
            offset += len(chunk)

"""Writing filings as CSV, knowing on which line each row begins."""

import csv
import io
import json
from pathlib import Path

from interfaces.generator.mistakes import Mistake
from interfaces.generator.rows import HEADERS, Filings


def write(folder: Path, filings: Filings, mistakes: list[Mistake] | None) -> int:
    """Write a file a kind, and ``errors.json`` where mistakes were planted; give the number of rows."""
    folder.mkdir(parents=True, exist_ok=True)
    planted = {id(each.row): each for each in mistakes or ()}
    found: list[dict[str, str | int | None]] = []
    rows = 0
    for kind, of_kind in filings.items():
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(HEADERS[kind])
        line = 2
        for filing in of_kind:
            for row in filing:
                before = text.tell()
                writer.writerow(row)
                mistake = planted.get(id(row))
                if mistake is not None:
                    found.append({"file": f"{kind}.csv", "line": line, "field": mistake.field, "code": mistake.code})
                text.seek(before)
                line += text.read().count("\n")
                rows += 1
        (folder / f"{kind}.csv").write_text(text.getvalue(), encoding="utf-8", newline="")
    errors = folder / "errors.json"
    errors.unlink(missing_ok=True)
    if mistakes is not None:
        errors.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return rows

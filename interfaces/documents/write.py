"""Writes the documents that come from the models: ``python -m interfaces.documents.write``."""

import json
from collections.abc import Mapping
from pathlib import Path

from interfaces.documents.asyncapi import asyncapi
from interfaces.documents.events_page import events_page
from interfaces.documents.schemas import all_schemas

FOLDER = Path(__file__).parents[2] / "docs"


def documents() -> Mapping[str, str]:
    """Give the text of every document under its name in ``docs/``."""
    schemas = {f"schemas/{name}": _json(schema) for name, schema in all_schemas().items()}
    return {"events.md": events_page(), "schemas/asyncapi.json": _json(asyncapi()), **schemas}


def main() -> None:
    """Write them all, and remove schemas that no event has any more."""
    made = documents()
    for stale in (FOLDER / "schemas").rglob("*.json"):
        if str(stale.relative_to(FOLDER)) not in made:
            stale.unlink()
    for name, text in made.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _json(document: Mapping[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    main()

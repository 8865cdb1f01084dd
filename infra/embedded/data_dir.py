"""The data directory: one supervisor at a time, and the secrets of the embedded services."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_LOCK = "lock"
_SECRETS = "secrets.json"


class DataDirInUse(Exception):
    """Another `lodestone up` works on this data directory. ``data_dir.in_use``."""

    code = "data_dir.in_use"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a data directory, making it if it is missing; the lock goes with the process, however it ends.

    Raises:
        DataDirInUse: ``data_dir.in_use``.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / _LOCK).open("a", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DataDirInUse(f"another `lodestone up` works on {folder}; stop it first") from error
        yield


def passwords(folder: Path, roles: Sequence[str]) -> Mapping[str, str]:
    """Give the passwords of the embedded database's roles, made at the first call; readable by their owner alone."""
    place = folder / _SECRETS
    if not place.exists():
        partial = place.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        made = {role: secrets.token_urlsafe(24) for role in roles}
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            json.dump(made, file)
        partial.replace(place)
    found: dict[str, str] = json.loads(place.read_text(encoding="ascii"))
    return found

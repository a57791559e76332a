"""The key that signs sessions and links: made once in the data directory, for its owner only."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

SECRET_KEY_FILE = "secret_key"  # noqa: S105 (a file name)
# 256 bits in hexadecimal are 64 characters; half of it is the least that signs a link safely.
SECRET_KEY_MIN_CHARACTERS = 32


def key_kept_in(path: Path) -> str:
    """Returns the key kept in the file, made first when there is none.

    Several workers may start at once: each writes a complete file of its own, and only the first
    gets the name; a reader can then never see half a key.
    """
    if not path.exists():
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                os.fchmod(file.fileno(), 0o600)
                file.write(secrets.token_hex(32))
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
        finally:
            Path(draft).unlink()
    key = path.read_text(encoding="ascii").strip()
    if len(key) < SECRET_KEY_MIN_CHARACTERS:
        raise ValueError("the key file was cut short")
    return key

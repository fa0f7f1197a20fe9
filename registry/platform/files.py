"""Attachments and printed documents, addressed by SHA-256; written whole or not at all."""

import hashlib
import os
import tempfile
from pathlib import Path

from registry.kernel.errors import NotFound


def keep(folder: Path, content: bytes) -> str:
    """Store bytes and return their SHA-256; storing the same bytes again changes nothing."""
    digest = hashlib.sha256(content).hexdigest()
    target = _path(folder, digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, content)
    return digest


def read(folder: Path, digest: str) -> bytes:
    """Return the bytes kept under a SHA-256."""
    target = _path(folder, digest)
    if not target.exists():
        raise NotFound("file", digest)
    return target.read_bytes()


def write_whole(target: Path, content: bytes) -> None:
    """Write a file through a temporary neighbour, so that nobody ever sees half of it."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _path(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest

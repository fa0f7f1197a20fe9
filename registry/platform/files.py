"""Attachments and printed documents, addressed by SHA-256; written whole or not at all."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol
from uuid import uuid4

from registry.kernel.errors import Invalid, NotFound, Refused, RegistryError
from registry.platform import clock
from registry.settings import settings

_LEFT = 60  # seconds without a write, after which nobody is taken to be writing any more
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


class FileUnwritable(Refused):
    """The operating system does not let a file be written there."""

    code = "file_unwritable"


class FileDamaged(RegistryError):
    """What lies under a hash is not what was stored there."""

    code = "file_damaged"


class Kept:
    """A file while it is written, and its SHA-256 when it stands."""

    stream: IO[bytes]
    digest: str


class Write(Protocol):
    """Writes one file of several."""

    def __call__(self, name: str, content: bytes, mode: int = 0o666) -> None:
        """Write the file as it shall stand in the end."""


def keep(folder: Path, content: bytes) -> str:
    """Store bytes and return their SHA-256; storing the same again mends what has gone or been changed."""
    digest = hashlib.sha256(content).hexdigest()
    target = _path(folder, digest)
    if not target.is_file() or target.read_bytes() != content:
        make_folder(target.parent)
        write_whole(target, content)
    return digest


@contextmanager
def keeping(folder: Path, name: str) -> Iterator[Kept]:
    """Give a file to be written piece by piece, and keep it under its SHA-256 once it stands whole.

    `name` tells whose it is: what a killed try of the same name left half-written a minute ago is swept away.

    Raises:
        FileUnwritable: no room, or no right; nothing is kept.
    """
    make_folder(folder)
    for left in folder.glob(f".{name}-*.part"):
        with suppress(FileNotFoundError):
            if clock.wall().timestamp() - left.stat().st_mtime > _LEFT:
                left.unlink()
    part, kept = folder / f".{name}-{uuid4().hex}.part", Kept()
    try:
        with named(part):
            with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666), "w+b") as stream:
                kept.stream = stream
                yield kept
                _settle(stream)
                stream.seek(0)
                kept.digest = hashlib.file_digest(stream, "sha256").hexdigest()
            target = _path(folder, kept.digest)
            make_folder(target.parent)
            _put(part, target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def whole(folder: Path, digest: str) -> Path:
    """Return where the bytes kept under a SHA-256 lie, once they are found to be what was stored there.

    Raises:
        NotFound: the file is gone.
        FileDamaged: it is something else.
    """
    target = _path(folder, digest)
    if not target.is_file():
        raise NotFound("file", digest)
    with target.open("rb") as stream:
        if hashlib.file_digest(stream, "sha256").hexdigest() != digest:
            raise FileDamaged(digest=digest)
    return target


def read(folder: Path, digest: str) -> bytes:
    """Return the bytes kept under a SHA-256."""
    target = _path(folder, digest)
    if not target.exists():
        raise NotFound("file", digest)
    return target.read_bytes()


def write_whole(target: Path, content: bytes, mode: int = 0o666) -> None:
    """Write a file through a temporary neighbour, so that nobody ever sees half of it; see `together`."""
    with together(target.parent) as write:
        write(target.name, content, mode)


def copy_whole(source: Path, target: Path) -> None:
    """Copy a file piece by piece, so that nobody ever sees half of it.

    Raises:
        FileUnwritable: no room, no right, or no such folder; an older file stands as it was.
    """
    part = target.with_name(f".{uuid4().hex}.part")
    try:
        with named(target):
            with source.open("rb") as original, part.open("xb") as copy:
                shutil.copyfileobj(original, copy)
                _settle(copy)
            _put(part, target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def together(folder: Path) -> Iterator[Write]:
    """Give a function that writes files into a folder: at the end all of them are there, or none is.

    Each is readable as far as `mode` and the umask allow. A symbolic link stays one: what it points to
    is written.

    Raises:
        Invalid: a device, a pipe or a folder stands where the file shall be.
        FileUnwritable: no room, no right, or no such folder.
    """
    parts: dict[Path, Path] = {}

    def write(name: str, content: bytes, mode: int = 0o666) -> None:
        with named(folder / name):
            target = Path(os.path.realpath(folder / name))
            if target.exists() and not target.is_file():
                raise Invalid("not_a_file", "output", folder / name, accepted="普通文件")
            part = target.with_name(f".{uuid4().hex}.part")
            parts[part] = target
            with os.fdopen(os.open(part, _NEW, mode), "wb") as stream:
                stream.write(content)
                _settle(stream)

    try:
        yield write
        for part, target in parts.items():
            with named(target):
                _put(part, target)
    finally:
        for part in parts:
            with suppress(OSError):
                part.unlink(missing_ok=True)


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Name the file that the operating system refuses."""
    try:
        yield
    except OSError as error:
        raise FileUnwritable(file=_told(path), reason=error.strerror or repr(error)) from error


def _told(path: Path) -> Path:
    """Return a path as people are told it: where the kept files lie on a server is nobody's business."""
    kept, whole_path = settings().files_dir.resolve(), path.resolve()
    return Path(kept.name, whole_path.relative_to(kept)) if whole_path.is_relative_to(kept) else path


def _settle(stream: IO[bytes]) -> None:
    """Have the bytes of a file on the disk, before its name says that it is whole."""
    stream.flush()
    os.fsync(stream.fileno())


def _put(part: Path, target: Path) -> None:
    """Give a whole file its name, so that a power cut after the book says that it is there cannot take it."""
    part.replace(target)
    _settle_names(target.parent)


def _settle_names(folder: Path) -> None:
    """Have the names in a folder on the disk, as far as its file system does that."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it where they are missing.

    Raises:
        FileUnwritable: something else stands there, or there is no right to.
    """
    with named(folder):
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
    if is_new:
        _settle_names(folder.parent)


def _path(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest

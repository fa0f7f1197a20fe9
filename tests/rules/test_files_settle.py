"""A file has its bytes on the disk before it has its name, and its name before anybody is told of it."""

import os
import stat
from pathlib import Path

import pytest

from registry.platform.files import copy_whole, keep, keeping, together, write_whole


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give what is done to files, in its order."""
    found: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def settle(number: int) -> None:
        found.append("folder" if stat.S_ISDIR(os.fstat(number).st_mode) else "bytes")
        fsync(number)

    def rename(part: Path, target: Path) -> Path:
        found.append("name")
        return replace(part, target)

    monkeypatch.setattr(os, "fsync", settle)
    monkeypatch.setattr(Path, "replace", rename)
    return found


def test_one_file(steps, tmp_path):
    write_whole(tmp_path / "a", b"x")
    assert steps == ["bytes", "name", "folder"]


def test_several_at_once(steps, tmp_path):
    with together(tmp_path) as write:
        write("a", b"x")
        write("b", b"y")
        assert steps == ["bytes", "bytes"]
    assert steps[2:] == ["name", "folder", "name", "folder"]


def test_a_copy(steps, tmp_path):
    (tmp_path / "a").write_bytes(b"x")
    copy_whole(tmp_path / "a", tmp_path / "b")
    assert (steps, (tmp_path / "b").read_bytes()) == (["bytes", "name", "folder"], b"x")


def test_what_is_kept_under_its_hash(steps, tmp_path):
    keep(tmp_path, b"x")
    with keeping(tmp_path, "batch") as kept:
        kept.stream.write(b"y")
    assert steps == ["bytes", "name", "folder"] * 2

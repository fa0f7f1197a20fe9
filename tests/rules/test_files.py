"""Kept files: their bytes are on the disk before they have a name, and where that disk is, nobody is told."""

import os
import stat
from pathlib import Path

import pytest

from registry.platform.files import (
    FileUnwritable,
    copy_whole,
    keep,
    keeping,
    make_folder,
    together,
    write_whole,
)
from registry.settings import settings


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
    # the folder of a hash is new both times
    assert steps == ["folder", "bytes", "name", "folder", "bytes", "folder", "name", "folder"]


def test_a_refusal_does_not_tell_where_the_kept_files_lie(own_files):
    make_folder(own_files)
    (own_files / "ab").write_bytes(b"in the way")
    with pytest.raises(FileUnwritable) as refused:
        make_folder(own_files / "ab" / "cd")
    assert str(refused.value.facts["file"]) == "files/ab/cd"


def test_nor_where_they_are_named_by_a_relative_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REGISTRY_FILES_DIR", "var/files")
    settings.cache_clear()
    make_folder(Path("var/files"))
    Path("var/files/ab").write_bytes(b"in the way")
    with pytest.raises(FileUnwritable) as refused:
        make_folder(tmp_path / "var" / "files" / "ab" / "cd")
    settings.cache_clear()
    assert str(refused.value.facts["file"]) == "files/ab/cd"


def test_it_names_any_other_file_in_full(tmp_path):
    (tmp_path / "a").write_bytes(b"in the way")
    with pytest.raises(FileUnwritable) as refused:
        make_folder(tmp_path / "a" / "b")
    assert refused.value.facts["file"] == tmp_path / "a" / "b"

"""Puts the papers of a batch into one archive with a manifest; equal papers give an equal archive.

Nothing in it depends on the moment or the order of printing: names are sorted, every entry bears the
same date, and what is packed already is stored as it is.
"""

import csv
import io
import json
import shutil
from collections.abc import Callable, Sequence
from typing import IO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from registry.documents.rules.batches import Batch, Line
from registry.platform import files
from registry.platform.tables import guarded
from registry.settings import settings

_COLUMNS = ("编号", "种类", "对象", "标题", "文件名", "SHA-256", "字节数", "未打印的原因")
_READABLE = 0o100644 << 16  # an ordinary file that everybody may read
_CHUNK = 2**20


def bundle(owner: str, batch: Batch, lines: Sequence[Line], step: Callable[[], None]) -> tuple[str, int]:
    """Keep the archive of a batch and return its SHA-256 and size; `step` is called after each paper.

    It is written to a file piece by piece. `owner` names whose it is, see `files.keeping`.

    Raises:
        FileUnwritable: the archive cannot be kept; the papers are.
        NotFound, FileDamaged: the file of a paper is gone or is another by now.
    """
    folder = settings().files_dir
    ordered = sorted(lines, key=lambda line: (not line.number, line.number, line.subject))
    with files.keeping(folder, owner) as kept:
        with ZipFile(kept.stream, "w", ZIP_STORED) as archive:
            _add(archive, "manifest.csv", io.BytesIO(_table(batch, ordered)))
            _add(archive, "manifest.json", io.BytesIO(_told(batch, ordered)))
            for line in ordered:
                if line.number:
                    with files.whole(folder, line.sha256).open("rb") as paper:
                        _add(archive, line.file, paper)
                    step()
        size = kept.stream.tell()
    return kept.digest, size


def _add(archive: ZipFile, name: str, content: IO[bytes]) -> None:
    entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.external_attr, entry.create_system = _READABLE, 3  # the same on every system
    with archive.open(entry, "w") as target:
        shutil.copyfileobj(content, target, _CHUNK)


def _table(batch: Batch, lines: Sequence[Line]) -> bytes:
    """Return the manifest as a table that spreadsheets open as Chinese, and take nothing in for a formula."""
    whole = io.StringIO(newline="")
    writer = csv.writer(whole)
    writer.writerow(_COLUMNS)
    for line in lines:
        size = str(line.size) if line.number else ""
        cells = (line.number, batch.kind.label, line.subject, line.title, line.file, line.sha256, size)
        writer.writerow([guarded(cell) for cell in (*cells, line.refused)])
    return whole.getvalue().encode("utf-8-sig")


def _told(batch: Batch, lines: Sequence[Line]) -> bytes:
    printed = [
        {
            "number": line.number, "kind": batch.kind, "subject": line.subject, "title": line.title,
            "file": line.file, "sha256": line.sha256, "size": line.size,
        }
        for line in lines
        if line.number
    ]  # fmt: skip
    refused = [{"subject": line.subject, "reason": line.refused} for line in lines if not line.number]
    whole = {
        "kind": batch.kind, "year": batch.year, "filters": dict(sorted(batch.filters.items())),
        "papers": printed, "refused": refused,
    }  # fmt: skip
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()

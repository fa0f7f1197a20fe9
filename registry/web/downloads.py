"""Answers that are files: never kept in a shared cache, under a name that people can read."""

from pathlib import Path
from urllib.parse import quote

from fastapi.responses import FileResponse, Response

from registry.platform.sheets import MEDIA_TYPE, Sheet, sheet_bytes


def file_answer(content: bytes, name: str, media_type: str) -> Response:
    """Return a file to be saved under a name; it is never shown inside a page of ours."""
    return Response(content, media_type=media_type, headers=_headers(name))


def stored_answer(path: Path, name: str, media_type: str) -> FileResponse:
    """Return a file that may be large, read piece by piece from where it is kept."""
    return FileResponse(path, media_type=media_type, headers=_headers(name))


def _headers(name: str) -> dict[str, str]:
    return {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "cache-control": "no-store",
    }


def sheet_answer(sheet: Sheet, name: str) -> Response:
    """Return a list as an XLSX file."""
    return file_answer(sheet_bytes(sheet), name, MEDIA_TYPE)

"""The posted form of a page: texts and uploads, read once, within limits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from registry.kernel.errors import Invalid

MOST_BYTES = 12 * 2**20  # of a whole body; a file of returns for a year has some hundred kilobytes
_MOST_FIELDS, _MOST_FILES = 500, 4
_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
_KEPT = "posted_form"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: the name its sender gave it, which is only ever shown, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Form(Mapping[str, str]):
    """The fields of a form; one that was not sent reads as empty."""

    fields: tuple[tuple[str, str], ...]
    uploads: tuple[tuple[str, Upload], ...] = ()

    def __getitem__(self, name: str) -> str:
        """Return the last text sent under a name."""
        return next((value for key, value in reversed(self.fields) if key == name), "")

    def __iter__(self) -> Iterator[str]:
        """Give each name once."""
        return iter(dict(self.fields))

    def __len__(self) -> int:
        """Count the names."""
        return len(dict(self.fields))

    def all(self, name: str) -> list[str]:
        """Return every text sent under a name."""
        return [value for key, value in self.fields if key == name]

    def upload(self, name: str) -> Upload | None:
        """Return the file sent under a name, or None where none was chosen."""
        return next((value for key, value in self.uploads if key == name), None)


async def posted(request: Request) -> Form:
    """Return the form of a request, whoever asks first; what is no form reads as an empty one."""
    kept: Form | None = getattr(request.state, _KEPT, None)
    if kept is None:
        kept = await _read(request)
        setattr(request.state, _KEPT, kept)
    return kept


async def _read(request: Request) -> Form:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in _FORM_TYPES:
        return Form(())
    fields: list[tuple[str, str]] = []
    uploads: list[tuple[str, Upload]] = []
    async with request.form(max_files=_MOST_FILES, max_fields=_MOST_FIELDS) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                if value.filename:
                    uploads.append((name, Upload(value.filename[:200], await value.read())))
            else:
                fields.append((name, value.replace("\r\n", "\n")))  # a line end comes as two signs
    return Form(tuple(fields), tuple(uploads))


def chosen(form: Form, name: str, accepted: str) -> Upload:
    """Return the file sent under a name.

    Raises:
        Invalid: none was chosen.
    """
    found = form.upload(name)
    if found is None or not found.content:
        raise Invalid("value_missing", name, found.name if found else "", accepted=accepted)
    return found


Posted = Annotated[Form, Depends(posted)]

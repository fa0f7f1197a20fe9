"""`registry verify`: tells whether a PDF is a paper of this registry that holds, and is what was printed."""

from pathlib import Path
from typing import Annotated, Any

import typer

from registry.cli.common import AsJson, print_json, reading, wants_json
from registry.documents.queries import successor
from registry.documents.service import Checked, check_file
from registry.kernel.errors import Invalid
from registry.kernel.vocabulary import DocumentVerdict
from registry.platform.clock import local_day

_CODES = {
    DocumentVerdict.genuine: 0,
    DocumentVerdict.replaced: 10,
    DocumentVerdict.revoked: 11,
    DocumentVerdict.altered: 12,
    DocumentVerdict.unknown: 13,
}
_LARGEST = 100 * 2**20


def verify_command(
    file: Annotated[Path, typer.Argument(metavar="FILE.pdf", help="要核验的 PDF 文件")],
    as_json: AsJson = False,
) -> None:
    """Tell what a file is worth: 0 genuine, 10 replaced, 11 revoked, 12 altered, 13 unknown."""
    wants_json(as_json)
    try:
        with file.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
    except OSError as error:
        raise Invalid("file_unreadable", "file", file.name, accepted="PDF 文件") from error
    if len(content) > _LARGEST:
        raise Invalid("file_too_large", "file", f"> {_LARGEST}", accepted=f"≤ {_LARGEST // 2**20} MB")
    with reading() as (session, _):
        told = _told(session, check_file(session, content))
    if as_json:
        print_json(told)
    else:
        typer.echo("：".join(told[name] for name in ("word", "number") if told[name]))
        for name, label in (
            ("title", "文书"),
            ("office", "出具"),
            ("made_on", "日期"),
            ("replaced_by", "替换为"),
        ):
            if told[name]:
                typer.echo(f"  {label} {told[name]}")
    raise typer.Exit(_CODES[DocumentVerdict(told["verdict"])])


def _told(session: Any, checked: Checked) -> dict[str, Any]:
    document = checked.document
    later = successor(session, document) if document else None
    return {
        "verdict": checked.verdict.value,
        "word": checked.verdict.label,
        "number": document.number if document else None,
        "kind": document.kind if document else None,
        "title": document.title if document else None,
        "office": document.issuer if document else None,
        "made_on": str(local_day(document.made_at)) if document else None,
        "replaced_by": later.number if later else None,
    }

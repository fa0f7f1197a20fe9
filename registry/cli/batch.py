"""`registry report batch`: prints what a filter finds, each paper kept and numbered, into one ZIP file."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from registry.cli.common import AsUser, check_target, engine, progress, reading
from registry.documents.rules import Batch
from registry.documents.service import bundle, pdf_of, print_batch, read_batch
from registry.platform import files
from registry.settings import settings


def batch_command(
    kind: Annotated[str, typer.Argument(help="文书种类，如 许可证打印件、inspection")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE.zip", help="所在文件夹须已存在")],
    year: Annotated[str, typer.Option(help="年度；按年度的文书必填")] = "",
    q: Annotated[str, typer.Option(help="矿山、编号、许可证号、矿业权人")] = "",
    mineral: Annotated[str, typer.Option(help="矿种")] = "",
    township: Annotated[str, typer.Option(help="乡镇")] = "",
    region: Annotated[str, typer.Option(help="行政区代码")] = "",
    state: Annotated[str, typer.Option(help="运行状态")] = "",
    scale: Annotated[str, typer.Option(help="规模类别")] = "",
    green: Annotated[str, typer.Option(help="绿色矿山")] = "",
    permit: Annotated[str, typer.Option(help="许可：有效、将到期 …")] = "",
    as_user: AsUser = None,
) -> None:
    """Print every paper of a kind that the filter finds; run again, it goes on where it stood."""
    check_target(output, "ZIP")
    filters = {
        "q": q, "mineral": mineral, "township": township, "region": region, "state": state, "scale": scale,
        "green": green, "permit": permit,
    }  # fmt: skip
    with reading(as_user) as (session, actor):
        batch = read_batch(session, actor, kind, year, filters)
    printed, refused = print_all(engine(), batch, output, as_user)
    typer.echo(f"已打印 {printed} 份，未打印 {refused} 份（原因见清单），写入 {output}")


def print_all(database: Any, batch: Batch, target: Path, name: str | None = None) -> tuple[int, int]:
    """Print a batch into a ZIP file; return how many papers are in it, and how many could not be printed.

    Raises:
        RegistryError: a template, or a full disk; what has been printed stays, the file is not written.
    """
    with progress("批量打印", len(batch.orders) + len(batch.absent)) as advance:
        lines = []
        for line in print_batch(database, batch, name, pdf_of):
            lines.append(line)
            advance(1)
    digest, _ = bundle(f"batch-command-{os.getpid()}", batch, lines, lambda: None)
    files.copy_whole(files.whole(settings().files_dir, digest), target)
    printed = sum(1 for line in lines if line.number)
    return printed, len(lines) - printed

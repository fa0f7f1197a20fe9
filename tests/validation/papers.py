"""Writes one PDF of every kind of paper into a folder, as the validator shall judge it.

    python -m tests.validation.papers FOLDER

Of the demonstration one of each kind and edition, and the samples with which the papers are tested: bare
ones, long names, two hundred corner points, sixty rows.
"""

import sys
from pathlib import Path

import registry.schema  # noqa: F401 - a process of its own knows no table yet
from registry.documents.service import pdf_of
from registry.platform.db import connect, reader
from tests.databases import Database, test_run
from tests.reports.test_print import PAPERS
from tests.validation.orders import of_every_kind

NUMBER = "SZ-文-2026-{:06d}"


def main(folder: Path) -> None:
    """Write the papers, each under the name of its kind."""
    folder.mkdir(parents=True, exist_ok=True)
    with test_run() as run:
        engine = connect(Database("sqlite", run).demonstration())
        with reader(engine) as session:
            found = list(of_every_kind(session))
        engine.dispose()
    for at, one in enumerate(found, start=1):
        name = "-".join(part for part in (one.order.kind.value, one.order.edition) if part)
        (folder / f"{name}.pdf").write_bytes(pdf_of(one.numbered(NUMBER.format(at))))
    for name, sheet in PAPERS.items():
        (folder / f"sample-{name}.pdf").write_bytes(pdf_of(sheet))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

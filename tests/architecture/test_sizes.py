"""A file that one can read at a sitting."""

from tests.architecture.source import ROOT, files

LIMIT = 250


def test_no_file_outgrows_its_room():
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in files("registry", "reports")
    }
    long = [f"{path.relative_to(ROOT)}: {length} lines" for path, length in lengths.items() if length > LIMIT]
    assert not long, (
        f"longer than {LIMIT} lines:\n" + "\n".join(long) + "\n"
        "Make it a package of the same name: NAME/__init__.py keeps the public names, each idea gets a file."
    )

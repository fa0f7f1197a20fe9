"""A registry as it is served: the real command in a process of its own, on a free port."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAM = "import sys; from registry.cli import main; sys.argv[0] = 'registry'; main()"
PATIENCE = 60  # seconds that a start may take on a machine with other work


@contextmanager
def served(url: str, folder: Path, *options: str, **environment: str) -> Iterator[str]:
    """Serve a database until the end and give the address; what the program says goes to `folder/log`."""
    folder.mkdir(parents=True, exist_ok=True)
    told = os.environ | {"REGISTRY_DATABASE_URL": url} | environment
    command = [sys.executable, "-c", PROGRAM, "serve", "--port", "0", *options]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=told, stdout=log, stderr=log)
    try:
        address = _address(process, folder / "log")
        _wait_for(f"{address}/healthz", folder / "log")
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Return the address that the program prints once it listens."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        for line in _told(log).splitlines():
            if "http://" in line:
                return "http://" + line.partition("http://")[2].partition("/")[0]
        time.sleep(0.05)
    raise RuntimeError(f"registry serve does not serve:\n{_told(log)}")


def _wait_for(address: str, log: Path) -> None:
    """Wait for the first answer: the port is open before the application is ready."""
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE):
            return
    except OSError as error:
        raise RuntimeError(f"registry serve does not answer:\n{_told(log)}") from error


def _told(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")

"""The import contracts of pyproject.toml hold."""

import subprocess
import sys
from pathlib import Path


def test_every_import_follows_the_map():
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

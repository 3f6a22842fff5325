"""A disk that is full stops a build with an error that says so, and leaves the release as it was."""

import json
import shutil
import subprocess
import sys

import pytest

from tests.support.project import CHECKOUT

pytestmark = pytest.mark.long

NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")


def may_mount(folder) -> bool:
    if shutil.which("unshare") is None:
        return False
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    return subprocess.run([*NAMESPACE, *mount], capture_output=True, check=False).returncode == 0


def test_a_full_disk_releases_nothing(built, tmp_path):
    """The first disk is full while the tables are made, the second while the new release is written."""
    if not may_mount(tmp_path):
        pytest.skip("this system lets no user mount a small disk (unshare --user --mount)")
    run = subprocess.run(
        [*NAMESPACE, sys.executable, "-m", "tests.e2e.full_disk", built.root, tmp_path],
        cwd=CHECKOUT, capture_output=True, text=True, check=False)  # fmt: skip
    assert run.returncode == 0, run.stderr
    early, late = [json.loads(line) for line in run.stdout.splitlines()]
    assert "OK loaded seed" in early["output"] and "nothing was released: " in early["output"]
    for ended in (early, late):
        assert ended["code"] != 0
        assert "No space left on device" in ended["output"]
        assert ended["release"] == built.release_sha256()
        assert ended["note"] == [[None]]
        assert ended["left_over"] == []

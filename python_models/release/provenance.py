"""Which state of the project a build was made from."""

import subprocess
from pathlib import Path


def _git(root: Path, *arguments: str) -> str | None:
    # Without optional locks `git status` does not rewrite the index under a running git.
    command = ["git", "--no-optional-locks", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def git_commit(root: str | Path) -> str | None:
    """The commit of HEAD of the project in `root`.

    '-dirty' is added where a tracked file is changed or a file that git does not
    ignore is new. None outside git, without git, or before the first commit.
    """
    commit = _git(Path(root), "rev-parse", "--verify", "HEAD")
    changes = _git(Path(root), "status", "--porcelain")
    if not commit or changes is None:
        return None
    return commit + "-dirty" if changes else commit

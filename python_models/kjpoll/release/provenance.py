"""Which state of the project, and which programs, a build was made from."""

import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from kjpoll.common.file_hash import files_hash

# What turns the wave files and the seeds into public tables; seeds and files have hashes of their own.
CODE = ("dbt_project.yml", "models/**/*.sql", "models/**/*.yml", "macros/**/*.sql", "seeds/**/*.yml")
PACKAGE = Path(__file__).parents[1]
# What can change a value of a public table without a change of the project.
ENGINE = (
    "duckdb",
    "numpy",
    "pandas",
    "scipy",
    "statsmodels",
    "great-expectations",
    "pyarrow",
    "pyreadstat",
    "openpyxl",
    "dbt-core",
    "dbt-duckdb",
)


def _git(root: Path, *arguments: str) -> str | None:
    # Without optional locks `git status` does not rewrite the index under a running git.
    command = ["git", "--no-optional-locks", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
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


def code_hash(root: str | Path) -> str:
    """SHA-256 of the project's models, macros, descriptions and Python code: names and content."""
    project = Path(root) / "dbt_project"
    sources = [(path, path.relative_to(project)) for pattern in CODE for path in project.glob(pattern)]
    sources += [
        (path, path.relative_to(folder.parent))
        for folder in (PACKAGE, Path(root) / "python_models" / "dbt_models")
        for kind in ("py", "yml")
        for path in folder.rglob(f"*.{kind}")
        # The project that a wheel brings along is no part of the code that runs.
        if not path.is_relative_to(PACKAGE / "project")
    ]
    return files_hash({name.as_posix(): path for path, name in sources})


def engine() -> str:
    """The versions that a build depends on: 'python 3.11.7, duckdb 2.0.0, ...'."""
    return ", ".join([f"python {platform.python_version()}", *(f"{name} {version(name)}" for name in ENGINE)])

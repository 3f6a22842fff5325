"""Who does what needs a name and a reason."""

from __future__ import annotations

import subprocess
from pathlib import Path

import click

by_option = click.option("--by", "name", metavar="NAME", help="Who does this.  [default: git's user.name]")


def named_person(name: str | None, root: Path) -> str:
    """The name that was given, or git's user.name in `root`. Raises click.UsageError where there is none."""
    person = (name or _git_user(root)).strip()
    if not person:
        raise click.UsageError("git has no user.name here; say who does this: --by NAME")
    return person


def _git_user(root: Path) -> str:
    """git's user.name, or an empty text."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), "config", "user.name"], capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return done.stdout.strip()

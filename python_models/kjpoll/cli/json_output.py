"""Output for programs: one JSON value on standard output, errors as ever on standard error."""

from __future__ import annotations

import json
from typing import Any

import click

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON, with the keys that docs/json.md lists."
)


def print_json(content: Any) -> None:
    """One value, with letters of every script as they are."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=1, default=str))

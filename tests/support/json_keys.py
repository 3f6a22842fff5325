"""Which keys of an output for programs its page does not list."""

from __future__ import annotations

import re
from typing import Any

from tests.support.project import CHECKOUT

PAGE = CHECKOUT / "docs" / "json.md"


def undocumented(content: Any, without: tuple[str, ...] = ("counts",)) -> set[str]:
    """The keys of the content, at any depth, that docs/json.md does not name; those below `without` are data."""
    named = re.findall(r"`([\w.\[\]]+)`", PAGE.read_text(encoding="utf-8"))
    return _keys(content, without) - {part for name in named for part in re.split(r"[.\[\]]+", name)}


def _keys(content: Any, without: tuple[str, ...]) -> set[str]:
    if isinstance(content, list):
        return {key for part in content for key in _keys(part, without)}
    if not isinstance(content, dict):
        return set()
    below = {key for name, part in content.items() if name not in without for key in _keys(part, without)}
    return {*content, *below}

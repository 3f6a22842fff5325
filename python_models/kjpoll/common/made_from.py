"""Which release the report was made from: its first page says it to programs too."""

from __future__ import annotations

import re
from pathlib import Path

# As report/templates/base.html.j2 writes it.
MARK = re.compile(r'<meta name="kjpoll-release" content="([^"]*)">')


def release_of_site(site_dir: Path) -> str | None:
    """The release id of the site in a folder; None where there is none, or it is of an older version."""
    try:
        found = MARK.search((site_dir / "index.html").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found.group(1) if found else None

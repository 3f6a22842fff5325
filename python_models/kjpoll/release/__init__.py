"""Release a finished build to the readers: write, audit, publish; keep, list, compare and put back releases.

`publish` is the last step of a build; `previous_release`, `build_info` and `change_table` give the build what it
needs to write its own rows of `quality.release` and `quality.release_change`.
"""

from .changes import change_table, difference
from .content import content_table
from .errors import ReleaseError
from .history import build_info, last_row, previous_release
from .hold import lift_hold, put_hold
from .identifiers import released_records
from .provenance import git_commit
from .publishing import KEPT_RELEASES, PUBLIC_SCHEMAS, publish
from .rollback import Listed, find_release, list_releases, roll_back

__all__ = [
    "KEPT_RELEASES",
    "PUBLIC_SCHEMAS",
    "Listed",
    "ReleaseError",
    "build_info",
    "change_table",
    "content_table",
    "difference",
    "find_release",
    "git_commit",
    "last_row",
    "lift_hold",
    "list_releases",
    "previous_release",
    "publish",
    "put_hold",
    "released_records",
    "roll_back",
]

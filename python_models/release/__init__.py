"""Release a finished build to the readers: write, audit, publish.

`publish` is the last step of a build; `previous_release` and `build_info` give the
build what it needs to write its own row of `quality.release`.
"""

from .errors import ReleaseError
from .history import build_info, previous_release
from .provenance import git_commit
from .publishing import PUBLIC_SCHEMAS, publish

__all__ = [
    "PUBLIC_SCHEMAS",
    "ReleaseError",
    "build_info",
    "git_commit",
    "previous_release",
    "publish",
]

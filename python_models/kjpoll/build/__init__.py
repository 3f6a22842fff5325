"""One build at a time, past any reader, and the running of dbt (`dbt_run`).

`start_build` takes the build lock for the life of the process and takes over a build file that readers hold.
Any dbt calls it through `kjpoll.build.plugin`, which profiles.yml names.
"""

from .build_error import BuildError
from .lock import Builder, BuildLock, lock_path
from .start import start_build, wait_seconds

__all__ = ["BuildError", "BuildLock", "Builder", "lock_path", "start_build", "wait_seconds"]

"""What a scheduler runs: where something is new, build, audit and release, and report how it went.

`ingest` does it once and never raises; `Inputs` is everything that a build depends on; `Outcome` says how it
ended.
"""

from kjpoll.build.project_paths import ProjectPaths

from .event_log import EventLog
from .inputs import Inputs
from .outcome import Outcome, Verdict
from .run import ingest

__all__ = ["EventLog", "Inputs", "Outcome", "ProjectPaths", "Verdict", "ingest"]

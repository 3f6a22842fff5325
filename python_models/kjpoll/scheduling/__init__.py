"""What a scheduler runs: where something is new, build, audit and release, and report how it went.

`ingest` does it once and never raises; `Inputs` is everything that a build depends on; `Outcome` says how it
ended.
"""

from kjpoll.build.project_paths import ProjectPaths

from .build_inputs import Inputs
from .event_log import EventLog
from .ingestion import ingest
from .outcome import Outcome, Verdict

__all__ = ["EventLog", "Inputs", "Outcome", "ProjectPaths", "Verdict", "ingest"]

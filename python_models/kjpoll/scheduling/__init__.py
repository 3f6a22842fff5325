"""What a scheduler runs: where something is new, build, audit and release, and report how it went.

`ingest` does it once and never raises; `Inputs` is everything that a build depends on; `Outcome` says how it
ended.
"""

from kjpoll.build.project_paths import ProjectPaths

from .inputs import Inputs
from .journal import Journal
from .outcome import Outcome, Verdict
from .run import ingest

__all__ = ["Inputs", "Journal", "Outcome", "ProjectPaths", "Verdict", "ingest"]

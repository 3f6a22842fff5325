"""What Dagster loads: `dagster dev -m kjpoll.scheduling.dagster_project.definitions` in the project's root."""

from pathlib import Path

from .project_assets import project_definitions

defs = project_definitions(Path.cwd())

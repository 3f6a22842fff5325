"""The plugin of dbt-duckdb that lets one build at a time open the build file; named in profiles.yml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.events.base_types import EventLevel
from dbt_common.events.functions import fire_event
from dbt_common.events.types import Note

from .start import start_build


class Plugin(BasePlugin):
    """Acts when dbt is about to connect: commands that only read the project (parse, ls) take no lock."""

    def update_connection_config(self, creds: DuckDBCredentials, config: dict[str, Any]) -> None:
        if creds.path != ":memory:":
            start_build(Path(creds.path), lambda line: fire_event(Note(msg=line), EventLevel.WARN))

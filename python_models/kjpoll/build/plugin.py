"""The plugin of dbt-duckdb, named in profiles.yml: one build at a time opens the build file, and a build knows by which
macros a sample's rows are kept or rebuilt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.flags import get_flags
from dbt_common.events.base_types import EventLevel
from dbt_common.events.functions import fire_event
from dbt_common.events.types import Note

from kjpoll.common.file_hash import files_hash

from .start import start_build


class Plugin(BasePlugin):
    """Acts when dbt is about to connect: commands that only read the project (parse, ls) take no lock."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Reads the macros of per_sample once, whose text dbt does not show to a materialization."""
        folder = Path(get_flags().PROJECT_DIR) / "macros" / "incremental"
        self._macros = files_hash({path.name: path for path in folder.glob("*.sql")})

    def configure_cursor(self, cursor: Any) -> None:
        """The fingerprints of samples ask for it."""
        cursor.execute(f"set variable per_sample_macros = '{self._macros}'")

    def update_connection_config(self, creds: DuckDBCredentials, config: dict[str, Any]) -> None:
        if creds.path != ":memory:":
            start_build(Path(creds.path), lambda line: fire_event(Note(msg=line), EventLevel.WARN))

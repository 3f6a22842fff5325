"""The plugin of dbt-duckdb, named in profiles.yml: one build at a time opens the build file, a build knows by which
macros a sample's rows are kept or rebuilt, and a whole build is released when all its nodes have ended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.duckdb.utils import TargetConfig
from dbt.flags import get_flags
from dbt_common.events.base_types import EventLevel
from dbt_common.events.functions import fire_event
from dbt_common.events.types import Note
from dbt_common.exceptions import DbtRuntimeError

from kjpoll.common.file_hash import files_hash
from kjpoll.release import ReleaseError, publish
from kjpoll.release.signed import sign_new_values, unsigned_inputs

from .project_paths import SIGNED_FOLDER
from .start import start_build
from .whole_build import did_not_pass, inputs_are_digested, refuse_flags, why_not_released


class Plugin(BasePlugin):
    """Acts when dbt is about to connect: commands that only read the project (parse, ls) take no lock."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Reads once the macros that choose samples, whose text dbt does not show to a model."""
        folder = Path(get_flags().PROJECT_DIR) / "macros" / "incremental"
        landing = Path(get_flags().PROFILES_DIR) / "build" / "landing"
        self._variables = {
            "incremental_macros": files_hash({path.name: path for path in folder.glob("*.sql")}),
            "landing_dir": str(landing).replace("'", "''"),
        }

    def configure_cursor(self, cursor: Any) -> None:
        """The fingerprints of samples ask for the macros, raw.answer for the landed files, so that its SQL names no folder."""
        for name, value in self._variables.items():
            cursor.execute(f"set variable {name} = '{value}'")

    def update_connection_config(self, creds: DuckDBCredentials, config: dict[str, Any]) -> None:
        refuse_flags(get_flags())
        if creds.path != ":memory:":
            start_build(Path(creds.path), lambda line: _say(line, EventLevel.WARN))

    def store(self, target_config: TargetConfig) -> None:
        """Release the build, or say why it is not released. The macro release_build calls it."""
        flags = get_flags()
        reason = why_not_released(
            flags.WHICH, target_config.config["nodes"], target_config.config["statuses"], flags.VARS
        )
        release_path = Path(target_config.config["release_path"]).absolute()
        signed = Path(flags.PROJECT_DIR).absolute() / SIGNED_FOLDER
        if reason:
            _say(reason)
            statuses = target_config.config["statuses"]
            if did_not_pass(statuses) and inputs_are_digested(statuses):
                _say_unsigned_inputs(signed, release_path)
            return
        connection = DuckDBConnectionManager.env().handle()
        try:
            released = publish(
                connection.cursor(),
                release_path,
                kept_releases=target_config.config["kept_releases"],
                signed=signed,
            )
            # For those who ask afterwards how the build ended.
            with connection.cursor().cursor() as session:
                session.register("released", released)
                session.execute("create or replace table intermediate.last_release as from released")
        except (ReleaseError, duckdb.Error, OSError) as error:
            raise DbtRuntimeError(f"nothing was released: {error}") from error
        else:
            new_samples = _sign(connection.cursor(), signed)
        finally:
            connection.close()
        release_id = released["release_id"].item()
        if released["released"].item():
            _say(f"released {release_id} as {release_path}")
        else:
            _say(f"{release_path} has this content already, as release {release_id}: it stays as it is")
        if new_samples:
            _say(f"signed for the first time in {signed}, which goes into git: {', '.join(new_samples)}")


def _sign(con: duckdb.DuckDBPyConnection, signed: Path) -> list[str]:
    try:
        return sign_new_values(con, signed)
    except (ReleaseError, OSError) as error:
        raise DbtRuntimeError(f"released, but not signed what is new ({error}); build again") from error


def _say_unsigned_inputs(signed: Path, release_path: Path) -> None:
    """Nothing where it cannot be known: why the build stopped is already said."""
    connection = DuckDBConnectionManager.env().handle()
    try:
        said = unsigned_inputs(connection.cursor().cursor(), signed, release_path)
    except (ReleaseError, duckdb.Error):
        said = ""
    finally:
        connection.close()
    if said:
        _say(said)


def _say(line: str, level: EventLevel = EventLevel.INFO) -> None:
    fire_event(Note(msg=line), level)

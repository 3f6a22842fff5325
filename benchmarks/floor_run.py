"""The floor: the two facts by hand-written SQL (floor_sql), into a new DuckDB file.

python -m benchmarks.floor_run PROJECT FILE [--start]
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import yaml

SQL = Path(__file__).with_name("floor_sql")
STEPS = ("maps", "records", "response", "multiple_response")


def settings(project: Path) -> dict[str, str | bool | int | float | list[str]]:
    """How dbt opens its file; the profile of dbt leaves DuckDB's threads to DuckDB, one for each core."""
    profiles = yaml.safe_load((project / "profiles.yml").read_text(encoding="utf-8"))
    options: dict[str, str | bool | int | float | list[str]] = profiles["kjpoll"]["outputs"]["duckdb"][
        "config_options"
    ]
    return options


def run(project: Path, file: Path, steps: tuple[str, ...] = STEPS) -> None:
    """Both facts, from the landed files and the seeds of a project; what `file` held is gone."""
    landing = project / "build/landing"
    variables = {
        "seeds": project / "dbt_project/seeds",
        "landed_answers": landing / "*.answer.parquet",
        "landed_variables": landing / "*.variable.parquet",
    }
    file.unlink(missing_ok=True)
    with duckdb.connect(file, config=settings(project)) as con:
        # No order is asked for.
        con.execute("set preserve_insertion_order = false")
        for name, value in variables.items():
            con.execute(f"set variable {name} = '{value}'")
        for step in steps:
            con.execute((SQL / f"{step}.sql").read_text(encoding="utf-8"))


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]), () if "--start" in sys.argv else STEPS)

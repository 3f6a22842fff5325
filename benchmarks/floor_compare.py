"""Whether two makings of the facts have the same rows, in all columns, as often.

python -m benchmarks.floor_compare BUILD_FILE (FILE | FOLDER)
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from benchmarks.floor_nodes import FACTS


def differing(build_file: Path, other: Path) -> dict[str, int]:
    """How many rows of each fact only one of both has. Raises ValueError where their columns are others.

    `other` is a DuckDB file, or a folder of Parquet files. One sample after the other, to fit into memory.
    """
    found = {}
    with duckdb.connect() as con:
        con.execute(f"attach '{build_file}' as ours (read_only)")
        if other.is_file():
            con.execute(f"attach '{other}' as other (read_only)")
        for fact in FACTS:
            theirs = f"other.{fact}" if other.is_file() else f"read_parquet('{other / fact}.parquet')"
            columns = con.execute(
                f"select column_name, column_type from (describe ours.marts.{fact})"
            ).fetchall()
            named = con.execute(f"select column_name from (describe from {theirs})").fetchall()
            if [name for name, _ in columns] != [name for (name,) in named]:
                raise ValueError(f"{other}: {fact} has the columns {named}")
            cast = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in columns)
            samples = con.execute(
                f"select sample_id from ours.marts.{fact} union select sample_id from {theirs} order by all"
            ).fetchall()
            sides = [
                f"select {cast} from {relation} where sample_id is not distinct from $1"
                for relation in (f"ours.marts.{fact}", theirs)
            ]
            found[fact] = sum(
                con.execute(f"select count(*) from ({one} except all {two})", sample).fetchall()[0][0]
                for sample in samples
                for one, two in (sides, sides[::-1])
            )
    return found


if __name__ == "__main__":
    rows = differing(Path(sys.argv[1]), Path(sys.argv[2]))
    for name, n in rows.items():
        print(f"{name}: {n} rows differ")
    sys.exit(any(rows.values()))

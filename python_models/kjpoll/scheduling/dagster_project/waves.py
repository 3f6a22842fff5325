"""The wave files, one partition for each wave of the samples seed."""

from __future__ import annotations

import dagster as dg

from kjpoll.common.file_hash import files_hash
from kjpoll.common.seed_file import read_seed
from kjpoll.scheduling import ProjectPaths


def wave_files(paths: ProjectPaths) -> dg.SourceAsset:
    """The files as Dagster observes them: a wave has a new version where a file of it came, went or changed.

    A wave is new with its rows of the samples seed.
    """
    seed = paths.dbt_project / "seeds/survey/samples.csv"
    rows = sorted(read_seed(seed), key=lambda row: (row["wave"], row["sample_id"]))
    files: dict[str, list[str]] = {}
    for row in rows:
        files.setdefault(row["wave"], []).append(row["file"])

    @dg.observable_source_asset(
        name="wave_files",
        partitions_def=dg.StaticPartitionsDefinition(list(files)),
        description="The wave files below data/raw, as delivered.",
    )
    def observed() -> dg.DataVersionsByPartition:
        return dg.DataVersionsByPartition(
            {wave: dg.DataVersion(_version(paths, names)) for wave, names in files.items()}
        )

    return observed


def _version(paths: ProjectPaths, names: list[str]) -> str:
    files = {name: paths.raw_dir / name for name in names}
    # A missing file is reported by the gate; here it is one more version.
    return files_hash({name: path for name, path in files.items() if path.is_file()})

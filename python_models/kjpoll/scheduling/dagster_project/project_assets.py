"""Assets, checks, partitions and schedule of one project, all read from its dbt project and its seeds."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
from dagster_dbt import DbtCliResource, DbtProject

from kjpoll.build.dbt_run import dbt_program
from kjpoll.scheduling import ProjectPaths

from .audit import audit_checks
from .build import build_assets
from .waves import wave_files

# 1 April at 3:00, as the timer of systemd and the workflow.
YEARLY = "0 3 1 4 *"


def project_definitions(root: Path) -> dg.Definitions:
    """The definitions for the project in `root`. Lets dbt parse it where that has not been done yet."""
    paths = ProjectPaths.of(root)
    project = DbtProject(project_dir=paths.dbt_project, profiles_dir=paths.root)
    dbt = DbtCliResource(project_dir=project, dbt_executable=str(dbt_program()))
    project.prepare_if_dev()
    if not project.manifest_path.exists():
        dbt.cli(["parse"], target_path=project.manifest_path.parent).wait()
    job = dg.define_asset_job(
        "build",
        selection=dg.AssetSelection.all() - dg.AssetSelection.assets("wave_files"),
        description="Build, audit and release, as kjpoll ingest does.",
    )
    observe = dg.define_asset_job(
        "observe_wave_files",
        selection=dg.AssetSelection.assets("wave_files"),
        description="Look which waves have a file that is new or changed.",
    )
    return dg.Definitions(
        assets=[wave_files(paths), *build_assets(project)],
        asset_checks=[audit_checks(paths)],
        jobs=[job, observe],
        schedules=[
            dg.ScheduleDefinition(
                name="yearly",
                job=job,
                cron_schedule=YEARLY,
                execution_timezone="UTC",
                default_status=dg.DefaultScheduleStatus.RUNNING,
            )
        ],
        resources={"dbt": dbt},
    )

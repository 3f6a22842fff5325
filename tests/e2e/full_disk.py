"""A build and a release on a disk that is too small, run in a mount namespace of its own: `unshare --user --map-root-user --mount`.

Prints one JSON line for each: how it ended, the released file's hash, what lies beside it, what dbt said.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
from kjpoll.release import ReleaseError, publish

from tests.support.project import Project, Run


def main(source: str, folder: str) -> None:
    disk, built = Path(folder), Project(Path(source))
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1g", "tmpfs", folder], check=True)
    project = Project.copied(disk / "project", built.root, kept=built)
    shutil.copy(built.release, project.release)
    # With another note, which nobody has to accept, the build has content to release.
    project.change("survey/questions", {"question_id": "sex"}, note="Another note")
    report(project, disk, 30, build)
    # A build that stands, with room for what has changed, but not for a second release beside the first.
    for left in project.build_file.parent.glob("warehouse.duckdb*"):
        left.unlink()
    shutil.copy(built.build_file, project.build_file)
    report(project, disk, 25, release)


def build(project: Project) -> Run:
    """What dbt writes itself lies elsewhere: a model is what finds the disk full."""
    beside = project.root.parent.with_name("beside")
    paths = {"DBT_TARGET_PATH": str(beside / "target"), "DBT_LOG_PATH": str(beside / "logs")}
    return project.dbt("build", "--fail-fast", "--exclude-resource-type", "unit_test", **paths)


def release(project: Project) -> Run:
    """Release what stands with another note, as the last step of a build does."""
    with duckdb.connect(project.build_file) as con:
        con.execute("update marts.dim_question set note = 'Another note' where question_id = 'sex'")
        con.execute("update quality.release set content_hash = 'other'")
        try:
            publish(con, project.release)
        except (ReleaseError, duckdb.Error, OSError) as error:
            return Run(1, str(error))
    return Run(0, "")


def report(project: Project, disk: Path, free: int, act: Callable[[Project], Run]) -> None:
    """Do it with so many megabytes left on the disk."""
    used = sum(path.stat().st_size for path in disk.rglob("*") if path.is_file()) >> 20
    subprocess.run(["mount", "-o", f"remount,size={used + free}m", disk], check=True)
    run = act(project)
    subprocess.run(["mount", "-o", "remount,size=1g", disk], check=True)
    print(
        json.dumps(
            {
                "code": run.code,
                "release": project.release_sha256(),
                "left_over": project.left_over(),
                "note": project.query("select note from marts.dim_question where question_id = 'sex'"),
                "output": run.output,
            }
        ),
        flush=True,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])

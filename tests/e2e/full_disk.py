"""Builds on a disk that is too small, run in a mount namespace of its own: `unshare --user --map-root-user --mount`.

Prints one JSON line per build: how it ended, the released file's hash, what lies beside it, what dbt said.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.project import Project

WITHOUT_TESTS = ("--fail-fast", "--exclude-resource-type", "unit_test", "--exclude-resource-type", "test")
CHANGED = ("questions", "dim_question", "int_public_table", "int_content", "release", "publish")


def main(source: str, folder: str) -> None:
    disk, built = Path(folder), Project(Path(source))
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1g", "tmpfs", folder], check=True)
    project = Project.copied(disk / "project", built.root, kept=built)
    shutil.copy(built.release, project.release)
    # With another label the build has content to release.
    project.change("survey/questions", {"question_id": "sex"}, label_en="Another label")
    report_build(project, disk, 20, *WITHOUT_TESTS)
    # A build that stands, with room for what has changed, but not for a second release beside the first.
    for left in project.build_file.parent.glob("warehouse.duckdb*"):
        left.unlink()
    shutil.copy(built.build_file, project.build_file)
    report_build(project, disk, 25, *WITHOUT_TESTS, "--select", *CHANGED)


def report_build(project: Project, disk: Path, free: int, *arguments: str) -> None:
    """Build with so many megabytes left on the disk."""
    used = sum(path.stat().st_size for path in disk.rglob("*") if path.is_file()) >> 20
    subprocess.run(["mount", "-o", f"remount,size={used + free}m", disk], check=True)
    run = project.dbt("build", *arguments)
    subprocess.run(["mount", "-o", "remount,size=1g", disk], check=True)
    print(
        json.dumps(
            {
                "code": run.code,
                "release": project.release_sha256(),
                "left_over": project.left_over(),
                "label": project.query("select label_en from marts.dim_question where question_id = 'sex'"),
                "output": run.output,
            }
        ),
        flush=True,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])

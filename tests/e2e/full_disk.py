"""Builds on a disk that is too small, run in a mount namespace of its own: `unshare --user --map-root-user --mount`.

Prints one JSON line per build: how it ended, the released file's hash, what lies beside it, what dbt said.
"""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.project import Project


def main(source: str, folder: str, release: str) -> None:
    disk = Path(folder)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1g", "tmpfs", folder], check=True)
    project = Project.copied(disk / "project", Path(source), landing=Path(source) / "build" / "landing")
    project.release.write_bytes(Path(release).read_bytes())
    used = sum(path.stat().st_size for path in disk.rglob("*") if path.is_file()) >> 20
    # With another label the build has content to release.
    project.change("survey/questions", {"question_id": "sex"}, label_en="Another label")
    # The first disk ends while tables are made; the second holds the build, but not a second release beside it.
    for free in sys.argv[4:]:
        subprocess.run(["mount", "-o", f"remount,size={used + int(free)}m", folder], check=True)
        run = project.dbt("build", "--exclude-resource-type", "unit_test", "--exclude-resource-type", "test")
        print(json.dumps({
            "free": int(free),
            "code": run.code,
            "release": project.release_sha256(),
            "left_over": project.left_over(),
            "build_mb": project.build_file.stat().st_size >> 20 if project.build_file.exists() else 0,
            "label": project.query("select label_en from marts.dim_question where question_id = 'sex'"),
            "output": run.output,
        }), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:4])

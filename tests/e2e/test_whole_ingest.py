"""An ingestion of the whole project: released, nothing new. test_release_safety has those that are stopped or fail."""

import json

from tests.support.project import Run


def log(run: Run) -> list[dict]:
    return [json.loads(line) for line in run.output.splitlines() if line.startswith("{")]


def test_the_first_build_is_an_ingestion_that_releases(first_build, built):
    end = log(first_build.run)[-1]
    release_id, n_waived = built.query(
        "select release_id, n_waived from quality.release order by built_at desc"
    )[0]
    assert (end["event"], end["exit_code"], end["release_id"], end["n_waived"]) == (
        "released",
        0,
        release_id,
        n_waived,
    )
    report = built.root / "build" / "reports"
    assert [path.read_text(encoding="utf-8").splitlines()[0] for path in report.iterdir()] == ["# Released"]


def test_nothing_new_after_it(built):
    before = built.build_file.stat().st_mtime_ns, built.release_sha256()
    run = built.ingest()
    assert run.code == 10, run.output
    assert [line["event"] for line in log(run)] == ["started", "nothing_new"]
    assert (built.build_file.stat().st_mtime_ns, built.release_sha256()) == before

"""Dagster's definitions load, its schedule ticks, its checks are those of the audit. Needs the extra `dagster`."""

import csv
import importlib
from datetime import UTC, datetime

import duckdb
import pytest
import yaml

from tests.support.project import CHECKOUT, Project, seed_files

dg = pytest.importorskip("dagster", reason="the extra is not installed: pip install kjpoll[dagster]")
orchestration = pytest.importorskip("kjpoll.scheduling.dagster_project.project_assets")
from kjpoll.scheduling import ProjectPaths
from kjpoll.scheduling.dagster_project.audit import EXPLAINED, VIOLATION, audit_checks
from kjpoll.scheduling.dagster_project.waves import wave_files

pytestmark = pytest.mark.filterwarnings("ignore::dagster.BetaWarning")


def seed(name: str) -> list[dict[str, str]]:
    with (CHECKOUT / f"dbt_project/seeds/{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def project(tmp_path) -> Project:
    """A copy to change."""
    return Project.copied(tmp_path / "project")


@pytest.fixture(scope="module")
def repository(built):
    return orchestration.project_definitions(built.root).get_repository_def()


def test_every_model_and_seed_is_an_asset_that_the_job_builds(repository):
    keys = {key.to_user_string() for key in repository.get_job("build").asset_layer.executable_asset_keys}
    models = {
        path.stem
        for folder in ("dbt_project/models", "python_models/dbt_models")
        for kind in ("*.sql", "*.py")
        for path in (CHECKOUT / folder).rglob(kind)
    }
    seeds = {path.stem for path in seed_files(CHECKOUT)}
    assert {key.rpartition("/")[2] for key in keys} == models | seeds
    assert len(keys) == len(models | seeds) > 150


def test_the_gate_comes_after_the_audit(repository):
    graph = repository.asset_graph
    assert dg.AssetKey("wave_files") in graph.get(dg.AssetKey(["raw", "wave_file"])).parent_keys
    steps = {
        key.to_user_string(): graph.get(key).assets_def.op.name
        for key in (
            VIOLATION,
            dg.AssetKey(["intermediate", "gate"]),
            dg.AssetKey(["quality", "release"]),
        )
    }
    assert steps == {
        "quality/violation": "audited",
        "intermediate/gate": "released",
        "quality/release": "released",
    }


def test_every_rule_is_a_check_and_errors_block(repository):
    rules = {row["rule"]: row["severity"] == "error" for row in seed("quality/rules")}
    graph = repository.asset_graph
    found = {
        key.name: graph.get(key).blocking for key in graph.asset_check_keys if key.asset_key == VIOLATION
    }
    assert {name: blocking for name, blocking in found.items() if name in rules} == rules and len(rules) > 60
    # The data tests of dbt are checks as well.
    names = {key.name for key in graph.asset_check_keys}
    assert {f"published_numbers_agree_reconciliation_{kind}_" for kind in ("topline", "claim")} <= names
    assert len(names) > len(rules) + 15


def test_the_waves_are_those_of_the_samples_seed(project, repository):
    partitions = repository.asset_graph.get(dg.AssetKey("wave_files")).partitions_def
    assert partitions.get_partition_keys() == sorted({row["wave"] for row in seed("survey/samples")})
    project.append(
        "survey/samples", {"sample_id": "KOR-2024", "wave": "2024", "series": "KOR", "file": "2024/KOR.csv"}
    )
    assert wave_files(ProjectPaths.of(project.root)).partitions_def.get_partition_keys()[-1] == "2024"


def test_a_changed_file_is_a_new_version_of_its_wave_alone(project):
    def versions() -> dict[str, str]:
        job = dg.Definitions(
            assets=[wave_files(ProjectPaths.of(project.root))],
            jobs=[dg.define_asset_job("observe", ["wave_files"])],
        ).resolve_job_def("observe")
        with dg.DagsterInstance.ephemeral() as instance:
            result = job.execute_in_process(instance=instance)
        observations = [
            event.asset_observation_data.asset_observation for event in result.get_asset_observation_events()
        ]
        return {seen.partition: seen.tags["dagster/data_version"] for seen in observations}

    before = versions()
    assert len(before) >= 11
    file = seed("survey/samples")[0]
    path = project.root / "data/raw" / file["file"]
    path.write_bytes(path.read_bytes() + b"\n")
    after = versions()
    assert [wave for wave in before if before[wave] != after[wave]] == [file["wave"]]


def test_the_schedule_ticks_once_a_year(repository):
    schedule = repository.get_schedule_def("yearly")
    workflow = yaml.safe_load((CHECKOUT / ".github/workflows/ingest.yml").read_text(encoding="utf-8"))
    assert [{"cron": schedule.cron_schedule}] == workflow[True]["schedule"]
    assert schedule.execution_timezone == "UTC"
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_schedule_context(
            instance=instance,
            scheduled_execution_time=datetime(2030, 4, 1, 3, tzinfo=UTC),
            repository_def=repository,
        )
        ticked = schedule.evaluate_tick(context)
    (request,) = ticked.run_requests
    assert ticked.skip_message is None
    assert request.tags["dagster/schedule_name"] == "yearly" and schedule.job_name == "build"
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING


def evaluated(
    root, violations: str, audit: str = "select 'a' as sample_id, 'wrong_n' as rule, true as success"
) -> dict:
    """check -> its evaluation, over a build file with these rows."""
    (root / "build").mkdir(exist_ok=True)
    with duckdb.connect(root / "build/warehouse.duckdb") as con:
        con.execute("create schema if not exists quality")
        con.execute(f"create or replace table quality.violation as {violations}")
        con.execute(f"create or replace table quality.response_code_audit as {audit}")
    checks = audit_checks(ProjectPaths.of(root))
    upstream = [dg.AssetSpec(key) for key in (VIOLATION, dg.AssetKey(["quality", "response_code_audit"]))]
    job = dg.Definitions(
        assets=upstream,
        asset_checks=[checks],
        jobs=[dg.define_asset_job("audit_only", selection=dg.AssetSelection.checks(checks))],
    ).resolve_job_def("audit_only")
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(instance=instance, raise_on_error=False)
    return {"success": result.success} | {
        seen.check_name: seen for seen in result.get_asset_check_evaluations()
    }


ROW = (
    "select {rule!r} as rule, {severity!r} as severity, 'KOR-2013' as sample_id, '2013/KOR.csv' as file, "
    "{waived} as is_waived"
)


def test_a_violation_fails_its_check(project):
    rows = " union all ".join(
        [
            ROW.format(rule="unknown_code", severity="error", waived=False),
            ROW.format(rule="unused_code", severity="warn", waived=False),
            ROW.format(rule="missing_share", severity="error", waived=True),
        ]
    )
    found = evaluated(project.root, rows)
    failed = {
        name: (seen.severity.name, seen.metadata["found"].value)
        for name, seen in found.items()
        if name != "success" and not seen.passed
    }
    assert failed == {"unknown_code": ("ERROR", 1), "unused_code": ("WARN", 1)}
    assert found["unknown_code"].metadata["rows"].value[0]["file"] == "2013/KOR.csv"
    assert set(found) - {"success", EXPLAINED} == {row["rule"] for row in seed("quality/rules")}


def test_an_expectation_that_no_rule_explains_fails_its_check(project):
    found = evaluated(
        project.root,
        ROW.format(rule="unused_code", severity="warn", waived=False),
        "select 'KOR-2013' as sample_id, 'wrong_n' as rule, false as success, 'x' as expectation",
    )
    assert not found[EXPLAINED].passed and found["unknown_code"].passed


def test_a_rule_that_the_seed_lacks_is_no_silence(project):
    found = evaluated(project.root, ROW.format(rule="no_such_rule", severity="error", waived=False))
    assert found["success"] is False


def test_the_module_that_dagster_loads(built, monkeypatch):
    """In the project's root."""
    monkeypatch.chdir(built.root)
    loaded = importlib.import_module("kjpoll.scheduling.dagster_project.definitions")
    assert {job.name for job in loaded.defs.jobs} == {"build", "observe_wave_files"}
    assert [schedule.name for schedule in loaded.defs.schedules] == ["yearly"]

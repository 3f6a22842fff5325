"""The systemd units, the crontab line and the workflow do what they say, in a project whose dbt is a script."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.schedule.scripted_dbt import Scripted
from tests.support.project import CHECKOUT

pytestmark = pytest.mark.slow

UNITS = CHECKOUT / "deploy" / "systemd"
SERVICE, TIMER = UNITS / "kjpoll-ingest.service", UNITS / "kjpoll-ingest.timer"
WORKFLOW = CHECKOUT / ".github" / "workflows" / "ingest.yml"
HOME = "/srv/kjpoll"
CRON = "0 3 1 4 *"

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None,
    reason="systemd-analyze is not installed (Debian package systemd)",
)


def setting(unit: Path, name: str) -> str:
    (value,) = re.findall(rf"^{name}=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
    return value


def analyze(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["systemd-analyze", *map(str, arguments)], capture_output=True, text=True, check=False
    )


@pytest.fixture
def installed(scripted) -> Scripted:
    """The project with a command of its own in .venv, as after `make setup`, and a dbt that is a script."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(CHECKOUT / name, scripted.root)
    command = scripted.root / ".venv" / "bin" / "kjpoll"
    command.parent.mkdir(parents=True)
    command.write_text(
        f'#!/bin/sh\nPYTHONPATH={CHECKOUT}/python_models exec {sys.executable} -m kjpoll "$@" --dbt {scripted.dbt}\n',
        encoding="utf-8",
    )
    command.chmod(0o755)
    (scripted.root / ".venv" / ".ready").touch()
    return scripted


def units(installed, tmp_path, **changes: str) -> list[Path]:
    """Copies of the units for the project's folder, with other settings where given."""
    made = []
    for unit in (SERVICE, TIMER):
        text = unit.read_text(encoding="utf-8").replace(HOME, str(installed.root))
        for name, value in changes.items():
            text = re.sub(rf"^{name}=.*$", f"{name}={value}", text, flags=re.MULTILINE)
        made.append(tmp_path / unit.name)
        made[-1].write_text(text, encoding="utf-8")
    return made


@needs_systemd
def test_systemd_accepts_the_units(installed, tmp_path):
    verified = analyze("verify", *units(installed, tmp_path))
    assert (verified.returncode, verified.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize(
    "changes",
    [{"ExecStart": "/no/such/command"}, {"ProtectSystem": "very"}, {"OnCalendar": "the first of April"}],
)
def test_systemd_would_not_accept_others(installed, tmp_path, changes):
    verified = analyze("verify", *units(installed, tmp_path, **changes))
    assert verified.returncode != 0 or verified.stderr != ""


@needs_systemd
def test_the_service_has_few_rights(installed, tmp_path):
    service, _ = units(installed, tmp_path)
    command = ("security", "--offline=true", "--threshold=15", service)
    assert analyze(*command).returncode == 0
    unprotected = re.sub(
        r"^(Protect|Private|Restrict|SystemCall|Capability).*$",
        "",
        service.read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    service.write_text(unprotected, encoding="utf-8")
    assert analyze(*command).returncode != 0


@needs_systemd
def test_the_timer_is_due_when_the_crontab_and_the_workflow_are():
    due = analyze("calendar", "--base-time=2030-01-01", setting(TIMER, "OnCalendar")).stdout
    assert "Next elapse: Mon 2030-04-01 03:00:00" in due
    assert setting(TIMER, "Persistent") == "true"


def test_the_service_writes_nowhere_but_in_its_folder():
    assert setting(SERVICE, "ReadWritePaths") == setting(SERVICE, "WorkingDirectory") == HOME
    assert setting(SERVICE, "ProtectSystem") == "strict"


def start(installed: Scripted) -> int:
    """What systemd would run, where it would run it."""
    command = setting(SERVICE, "ExecStart").replace(HOME, str(installed.root))
    return subprocess.run(
        shlex.split(command), cwd=installed.root, capture_output=True, check=False
    ).returncode


def test_the_service_succeeds_where_nothing_is_new_and_only_there(installed):
    fine = {0, int(setting(SERVICE, "SuccessExitStatus"))}
    assert [start(installed), start(installed)] == [0, 10]
    (installed.root / "profiles.yml").write_text("changed", encoding="utf-8")
    installed.plan(code=1, results=[])
    failed = start(installed)
    assert failed == 30 and fine == {0, 10}


def test_the_crontab_line(installed):
    (line,) = [
        line
        for line in (CHECKOUT / "deploy/crontab").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    assert line.startswith(CRON + " ")
    # In a crontab a percent sign would end the command.
    assert "%" not in line
    command = line.removeprefix(CRON).replace(HOME, str(installed.root))
    ended = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("released abc123")
    assert '"event": "released"' in (installed.root / "build/ingest.jsonl").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def workflow() -> dict:
    return yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))


def run_steps(workflow: dict, installed: Scripted, tmp_path: Path) -> tuple[list[int], str]:
    """The exit codes of the steps that are commands, run as the workflow runs them, and the summary."""
    summary = tmp_path / "summary.md"
    codes = []
    for step in workflow["jobs"]["ingest"]["steps"]:
        if "run" in step:
            ended = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=installed.root,
                capture_output=True,
                text=True,
                env=os.environ | {"GITHUB_STEP_SUMMARY": str(summary)},
                check=False,
            )
            codes.append(ended.returncode)
    return codes, summary.read_text(encoding="utf-8")


def test_the_workflow_releases_and_keeps_what_it_says(workflow, installed, tmp_path):
    codes, summary = run_steps(workflow, installed, tmp_path)
    assert codes == [0, 0]
    assert summary.startswith("# Released\n")
    kept = [
        line
        for step in workflow["jobs"]["ingest"]["steps"]
        if "upload-artifact" in step.get("uses", "")
        for line in step["with"]["path"].split()
    ]
    assert kept == ["build/reports/", "build/ingest.jsonl", "warehouse.duckdb", "dbt_project/seeds/released/"]
    assert all((installed.root / path).exists() for path in kept)


def test_the_workflow_passes_where_nothing_is_new_and_fails_where_it_stops(workflow, installed, tmp_path):
    run_steps(workflow, installed, tmp_path)
    codes, summary = run_steps(workflow, installed, tmp_path)
    assert codes == [0, 0] and "# Nothing new\n" in summary
    (installed.root / "profiles.yml").write_text("changed", encoding="utf-8")
    installed.plan(code=2, results=[], output=["what dbt says"])
    codes, summary = run_steps(workflow, installed, tmp_path)
    assert codes == [0, 30] and "what dbt says" in summary


def test_the_workflow_is_due_with_the_others_and_can_be_started_by_hand(workflow):
    # YAML 1.1 reads the key `on` as true.
    triggers = workflow[True]
    assert triggers == {"schedule": [{"cron": CRON}], "workflow_dispatch": {}}


def test_the_workflow_is_sound(workflow):
    """What a linter of workflows would look at."""
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]["cancel-in-progress"] is False
    (job,) = workflow["jobs"].values()
    assert set(job) == {"runs-on", "timeout-minutes", "steps"}
    for step in job["steps"]:
        assert ("uses" in step) != ("run" in step)
        assert set(step) <= {"name", "uses", "with", "run", "if"}
        assert re.fullmatch(r"actions/[a-z-]+@v\d+", step.get("uses", "actions/x@v1"))
    (always,) = [step for step in job["steps"] if step.get("if") == "always()"]
    assert always["with"]["name"] == "report"

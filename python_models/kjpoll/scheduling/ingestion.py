"""One ingestion from start to end."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from kjpoll.build import BuildError, BuildLock, lock_path
from kjpoll.build.dbt_run import OUTPUT, Event, run_dbt
from kjpoll.build.project_paths import ProjectPaths
from kjpoll.common.release_hold import held

from .build_inputs import Inputs
from .event_log import EventLog
from .ingest_report import report_text, write_report
from .outcome import Outcome, Verdict, failed, outcome_of

# Of dbt's events the event log gets those that may need a person; its own log has all.
LEVELS = {"warn": "warning", "error": "error", OUTPUT: "info"}

NAMED = ("rule", "file", "sample_id", "question_id", "variable", "code", "n", "finding", "resolve_with")
SHOWN = 50


@dataclass
class Ingested:
    """An outcome with its report: the text, and where it is kept (None where nothing was built)."""

    outcome: Outcome
    changes: list[str] = field(default_factory=list)
    report: str = ""
    report_path: Path | None = None


def ingest(
    paths: ProjectPaths, dbt: Path, wait: float, event_log: EventLog, on_event: Callable[[Event], None]
) -> Ingested:
    """Build and release the project in `paths` where something changed since the last build that passed.

    dbt: the program. wait: seconds for a build that runs already. on_event: gets dbt's events.
    Raises nothing but OSError of the event log: every other failure is the outcome.
    """
    started = datetime.now(UTC)
    event_log.write("started", project=paths.root)
    result = Ingested(failed("nothing was done"))

    def log_event(event: Event) -> None:
        on_event(event)
        if event.level in LEVELS:
            event_log.write("dbt", LEVELS[event.level], message=event.message, node=event.node)

    try:
        lock = BuildLock.acquired(
            lock_path(paths.build_file), wait, lambda line: log_event(Event(line, "warn"))
        )
        try:
            _build(paths, dbt, lock, wait, event_log, log_event, result)
        finally:
            lock.release()
    except (BuildError, OSError) as error:
        result.outcome = failed(str(error))
    except KeyboardInterrupt:
        result.outcome = failed("interrupted")
    except Exception as error:  # noqa: BLE001 (see above)
        event_log.write("crashed", "error", message=traceback.format_exc())
        result.outcome = failed(f"{type(error).__name__}: {error}")
    verdict = result.outcome.verdict
    result.report = report_text(result.outcome, result.changes, started, datetime.now(UTC))
    if result.changes:
        try:
            result.report_path = write_report(paths.reports, result.report, started)
        except OSError as error:
            event_log.write("report_lost", "error", message=str(error))
            result.outcome = failed(f"{result.outcome.message}\nthe report cannot be written: {error}")
            verdict = Verdict.FAILED
    for row in result.outcome.findings.violations[:SHOWN]:
        event_log.write("violation", "error", **{name: row[name] for name in NAMED if row[name] is not None})
    event_log.write(
        verdict.name.lower(),
        "info" if verdict in (Verdict.RELEASED, Verdict.NOTHING_NEW) else "error",
        exit_code=int(verdict),
        message=result.outcome.message,
        report=result.report_path,
        violations=len(result.outcome.findings.violations),
        seconds=round((datetime.now(UTC) - started).total_seconds(), 1),
        **result.outcome.release,
    )
    return result


def _build(
    paths: ProjectPaths,
    dbt: Path,
    lock: BuildLock,
    wait: float,
    event_log: EventLog,
    log_event: Callable[[Event], None],
    result: Ingested,
) -> None:
    # Taken before dbt reads anything: what changes while it builds is new to the next ingestion.
    inputs = Inputs.of(paths, date.today())
    changes = inputs.changes(Inputs.cached(paths.built_inputs))
    if not paths.release.exists():
        changes.append(f"{paths.release} does not exist")
    if not changes:
        result.outcome = Outcome(Verdict.NOTHING_NEW, "nothing changed since the last build that passed")
        return
    if hold := held(paths.release):
        result.outcome = Outcome(Verdict.HELD, f"nothing was built or released: {hold}")
        return
    result.changes = changes
    event_log.write("build", changes=changes[:SHOWN], n_changes=len(changes))
    result.outcome = outcome_of(paths, run_dbt(paths, dbt, lock.handle, wait, log_event))
    if result.outcome.verdict in (Verdict.RELEASED, Verdict.NOTHING_NEW):
        inputs.cache(paths.built_inputs)

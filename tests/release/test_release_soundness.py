"""A release looks for itself whether the build agrees with its checks and with the published numbers."""

import pytest
from kjpoll.release import ReleaseError, publish

pytestmark = pytest.mark.slow

VIOLATION = "create or replace view quality.violation as select {!r} as severity, {} as is_waived"
GATE = "create or replace view intermediate.gate as select {} as n_waived, {} as n_warnings"
NUMBER = "create or replace view quality.{} as select true as eligible, {} as {}"
RECONCILIATIONS = {
    "reconciliation_topline": "agrees",
    "reconciliation_claim": "agrees",
    "reconciliation_regression": "close",
    "reconciliation_of_later": "agrees",
}

FAULTY = {
    "an error": (VIOLATION.format("error", "false"), "errors that no waiver covers \\(1\\)"),
    "an error of which nobody says whether it is waived": (
        VIOLATION.format("error", "null"),
        "errors that no waiver covers \\(1\\)",
    ),
    "a gate from before the warning": (VIOLATION.format("warn", "false"), "gate is not that of"),
    "a gate from before the waiver": (VIOLATION.format("error", "true"), "gate is not that of"),
    "a gate that was not passed": (GATE.format(0, 0) + " where false", "gate is not that of"),
    "a reconciliation that cannot be read": (
        "create view quality.reconciliation_other as select 1 as n",
        "has not what a release is checked by",
    ),
    "no gate": ("drop view intermediate.gate", "has not what a release is checked by"),
} | {
    f"{table}, {value}": (
        NUMBER.format(table, value, column),
        f"{table} has numbers that do not agree .* \\(1\\)",
    )
    for table, column in RECONCILIATIONS.items()
    for value in ("false", "null")
}


@pytest.mark.parametrize("fault", FAULTY)
def test_a_build_that_contradicts_itself_is_not_released(build, fault):
    statement, message = FAULTY[fault]
    build.con.execute(statement)
    with pytest.raises(ReleaseError, match=message):
        publish(build.con, build.release)
    assert list(build.release.parent.iterdir()) == []


def test_what_a_waiver_covers_and_what_is_not_compared_is_released(build):
    build.con.execute(VIOLATION.format("error", "true"))
    build.con.execute(GATE.format(1, 0))
    build.con.execute(NUMBER.format("reconciliation_claim", "true", "agrees"))
    build.con.execute(
        NUMBER.format("reconciliation_topline", "false", "agrees").replace(
            "true as eligible", "false as eligible"
        )
    )
    publish(build.con, build.release)
    assert build.release.exists()


def test_a_build_without_a_reconciliation_is_not_released(build):
    for table in RECONCILIATIONS:
        build.con.execute(f"drop view if exists quality.{table} cascade")
    with pytest.raises(ReleaseError, match="no table quality.reconciliation_"):
        publish(build.con, build.release)

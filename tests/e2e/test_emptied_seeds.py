"""The shipped poll without what a poll need not have, rehearsed: the gate stays open and every table is made."""

import pytest
from kjpoll.checks.band_proposals import missing_shares, proposals

from tests.support.partial_rehearsal import rehearse_copy
from tests.support.polls import OPTIONAL, PARTS, empty, explain_jumps, of_generator
from tests.support.project import CHECKOUT

TABLES = ("marts", "analysis")
GENERATOR = "seeds of the generator"
EMPTIED = {**OPTIONAL, **PARTS, GENERATOR: of_generator(CHECKOUT)}
# More lines than that mean that the rule sees something else than the jumps that publications explain.
MOST_JUMPS = 60


@pytest.mark.parametrize("group", EMPTIED)
def test_the_gate_stays_open_and_every_table_is_made(group, rehearsal, built, rehearsed_copy):
    empty(rehearsed_copy, EMPTIED[group])
    if group == "published numbers":
        explain_all_jumps(rehearsal, built, rehearsed_copy)
    if group == "bands":
        add_proposed_bands(rehearsal, built, rehearsed_copy)
    targets = [
        node["name"]
        for node in rehearsal.nodes.values()
        if node["resource_type"] == "model" and node["schema"] in TABLES
    ]
    assert len(targets) > 30
    outcome = rehearse_copy(rehearsal, built, rehearsed_copy, targets)
    try:
        assert outcome.gate is None, outcome.gate
        assert rehearsal.failing_tests(outcome) == {}
        for seed in EMPTIED[group] & {
            "analysis/figures",
            "analysis/cohort_questions",
            "analysis/regression_models",
        }:
            table = {
                "figures": "figure_01",
                "cohort_questions": "cohort_topline",
                "regression_models": "regression_term",
            }
            assert (
                outcome.query(f"select count(*) as n from analysis.{table[seed.partition('/')[2]]}")["n"][0]
                == 0
            )
    finally:
        outcome.close()


def add_proposed_bands(rehearsal, built, project) -> None:
    """As `kjpoll bands --write`, which the gate names where a country lacks bands."""
    outcome = rehearse_copy(rehearsal, built, project)
    try:
        assert "kjpoll bands --country" in str(outcome.gate)
        found = proposals(missing_shares(outcome.con), [], each_question=False)
        project.append("survey/missing_bands", *(band.row for band in found.bands))
    finally:
        outcome.close()


def explain_all_jumps(rehearsal, built, project) -> None:
    """Where nothing was published no number explains a jump: the gate names each, with the line that does."""
    for _ in range(3):
        outcome = rehearse_copy(rehearsal, built, project)
        try:
            found = outcome.violations.query("severity == 'error' and not is_waived")
            assert set(found["rule"]) <= {"drift"}, found[["rule", "sample_id", "finding"]].to_string()
            if found.empty:
                return
            assert 0 < explain_jumps(project, zip(found["rule"], found["resolve_with"])) < MOST_JUMPS
        finally:
            outcome.close()
    raise AssertionError("jumps are left that no line explains")

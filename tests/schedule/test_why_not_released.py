"""Only a whole `dbt build` may release, told from the nodes of the project and how each ended."""

from types import SimpleNamespace

import pytest
from kjpoll.build import BuildError
from kjpoll.build.whole_build import refuse_flags, why_not_released

NODES = [
    "seed.kjpoll.samples",
    "model.kjpoll.gate",
    "model.kjpoll.release",
    "test.kjpoll.unique_release_built_at.3a",
    "unit_test.kjpoll.gate.counts",
    "operation.kjpoll.kjpoll-on-run-end-0",
]
PASSED = {
    "seed.kjpoll.samples": "success",
    "model.kjpoll.gate": "success",
    "model.kjpoll.release": "success",
    "test.kjpoll.unique_release_built_at.3a": "pass",
}


def test_a_whole_build_without_unit_tests_may_release():
    assert why_not_released("build", NODES, PASSED, {}) is None
    assert why_not_released("build", NODES, PASSED | {"unit_test.kjpoll.gate.counts": "pass"}, {}) is None


@pytest.mark.parametrize("node", PASSED)
def test_a_build_without_one_of_them_may_not(node):
    left = {name: status for name, status in PASSED.items() if name != node}
    line = why_not_released("build", NODES, left, {})
    assert line == (
        f"nothing was released: this build left out {node.split('.')[0]} {node.split('.')[2]}; "
        "run `dbt build` without a selection to release"
    )


@pytest.mark.parametrize("status", ["fail", "error", "skipped", "runtime error", "partial success"])
@pytest.mark.parametrize("node", PASSED)
def test_nor_may_one_in_which_one_of_them_did_not_pass(node, status):
    line = why_not_released("build", NODES, PASSED | {node: status}, {})
    assert line == f"nothing was released: {node.split('.')[0]} {node.split('.')[2]} did not pass"


@pytest.mark.parametrize("command", ["run", "seed", "test", "retry", "snapshot"])
def test_no_command_but_build_releases(command):
    line = why_not_released(command, NODES, PASSED, {})
    assert line is not None and f"`dbt {command}` is no whole build" in line and "\n" not in line


def test_nor_does_a_build_with_variables_of_its_own():
    line = why_not_released("build", NODES, PASSED, {"drift_alpha": 0, "batch_records": 9})
    assert line == (
        "nothing was released: --vars sets batch_records, drift_alpha for this build alone; "
        "set it in dbt_project.yml, or build without --vars to release"
    )


def test_many_nodes_are_counted():
    models = [f"model.kjpoll.m{n}" for n in range(9)]
    assert "model m0, model m1, model m2 and 6 more" in str(why_not_released("build", models, {}, {}))


def test_an_option_that_leaves_stale_rows_is_refused_in_a_sentence():
    refuse_flags(SimpleNamespace(EMPTY=False))
    # A command that does not have the option.
    refuse_flags(SimpleNamespace())
    with pytest.raises(BuildError, match="^nothing was done: --empty .or DBT_EMPTY. .*[^.\n]$"):
        refuse_flags(SimpleNamespace(EMPTY=True))

"""dbt's unit tests run here, and in no build: they depend on the models alone."""

import json
import shutil

import pytest

from tests.support.project import Project

# A unit test that has to fail: where there are no records, no weight of one is wrong.
WRONG = """
unit_tests:
  - name: a_wrong_expectation
    model: int_rule_weight
    given:
      - {input: ref('int_eligible_record'), rows: []}
      - {input: ref('int_file_weight'), rows: []}
      - {input: ref('int_unclean_code'), rows: []}
      - {input: ref('int_weight_relation'), rows: []}
    expect: {rows: [{rule: invalid_weight}]}
"""


def is_no_hook(unique_id: str) -> bool:
    return not unique_id.startswith("operation.")


def results(root) -> dict[str, str]:
    """Unique id -> status of what the last run of dbt ran, its hooks aside."""
    ran = json.loads((root / "dbt_project/target/run_results.json").read_text(encoding="utf-8"))
    return {
        result["unique_id"]: result["status"] for result in ran["results"] if is_no_hook(result["unique_id"])
    }


def test_a_build_leaves_them_out_and_nothing_else(built):
    manifest = json.loads((built.root / "dbt_project/target/manifest.json").read_text(encoding="utf-8"))
    assert (
        results(built.root).keys()
        == set(filter(is_no_hook, manifest["nodes"])) | manifest["exposures"].keys()
    )
    assert len(manifest["unit_tests"]) > 40


@pytest.fixture(scope="module")
def ran(built, tmp_path_factory):
    """What the selector of the unit tests runs, with a wrong one among them."""
    project = Project.copied(tmp_path_factory.mktemp("unit_tests") / "project", built.root)
    shutil.copy(built.build_file, project.build_file)
    (project.root / "dbt_project/models/checks/columns/wrong.yml").write_text(WRONG, encoding="utf-8")
    run = project.dbt("test", "--selector", "unit_tests")
    assert run.code == 1, run.output
    manifest = json.loads((project.root / "dbt_project/target/manifest.json").read_text(encoding="utf-8"))
    return manifest["unit_tests"], results(project.root), run.output


def test_all_of_them_run_and_nothing_else(ran):
    unit_tests, statuses, _ = ran
    assert statuses.keys() == unit_tests.keys()


def test_the_wrong_one_alone_fails(ran):
    _, statuses, output = ran
    failed = {name for name, status in statuses.items() if status != "pass"}
    assert failed == {"unit_test.kjpoll.int_rule_weight.a_wrong_expectation"}
    assert "a_wrong_expectation" in output

"""The shipped poll without what a poll need not have: each time from its raw files to a release."""

import pytest

from tests.support.polls import OPTIONAL, add_bands, build, empty, explain_jumps, release_first, said
from tests.support.project import CHECKOUT, Project

MOST_JUMPS = 60


@pytest.mark.parametrize("group", OPTIONAL)
def test_a_poll_needs_none_of_them(group, built, tmp_path):
    project = Project.copied(tmp_path / "project", kept=built)
    empty(project, OPTIONAL[group])
    if group == "published numbers":
        explain_all_jumps(project)
    if group == "bands":
        add_bands(project)
    release_first(project)
    counts = "select n_samples, n_respondents from quality.release"
    samples = Project(CHECKOUT).seed("survey/samples")
    assert project.query(counts) == [(len(samples), sum(int(row["n_expected"]) for row in samples))]
    for seed in OPTIONAL[group] - {"survey/missing_bands"}:
        assert project.seed(seed) == []


def explain_all_jumps(project: Project) -> None:
    """Where nothing was published no number explains a jump: the gate names each, with the line that does."""
    for _ in range(3):
        run = build(project)
        violations = project.query(
            "select rule, resolve_with from quality.violation where severity = 'error' and not is_waived",
            of=project.build_file,
        )
        if not violations:
            return
        assert {rule for rule, _ in violations} == {"drift"}, said(run)
        assert 0 < explain_jumps(project, violations) < MOST_JUMPS
    raise AssertionError(f"jumps are left that no line explains:{said(run)}")

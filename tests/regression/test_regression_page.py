"""The examples of docs/regression-engine.md print what stands below them."""

import re

import duckdb
import pytest
from regression_data import ROOT, core_answers

PAGE = (ROOT / "docs" / "regression-engine.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```python\n(.*?)```\n+```\n(.*?)```", re.DOTALL)


def lines(printed: str) -> list[str]:
    """Without the time of the fit, and the blanks that end a line."""
    kept = (line.rstrip() for line in printed.strip().splitlines())
    return [line for line in kept if not line.startswith(("Date:", "Time:"))]


@pytest.mark.slow
def test_the_examples_print_what_the_page_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    answers = core_answers("KOR")
    answers["position"] = answers["position"].astype("Int16")
    with duckdb.connect("warehouse.duckdb") as warehouse:
        warehouse.sql("create schema marts")
        warehouse.sql("create table marts.fct_response as select *, 'KOR-2023' as sample_id from answers")
    blocks = BLOCK.findall(PAGE)
    assert len(blocks) >= 3
    namespace: dict = {}
    for code, printed in blocks:
        exec(code, namespace)  # noqa: S102 - the page's own code
        assert lines(capsys.readouterr().out) == lines(printed)
    people, first = namespace["people"], namespace["views"]
    assert str(people["korean_gov_attitude"].dtype) == "Int16" and len(first) == 2

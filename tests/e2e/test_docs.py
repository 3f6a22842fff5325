"""The queries in the documents give the answers that stand under them, to a client of the 1.x series."""

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.project import CHECKOUT

EXAMPLE = re.compile(r"^```sql\n(.*?)^```\n```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = (
    "README.md",
    "docs/architecture.md",
    "docs/missing.md",
    "docs/provenance.md",
    "docs/regression-engine.md",
)


def examples(page: str) -> list[tuple[str, str]]:
    """(query, answer) of each pair of blocks."""
    return EXAMPLE.findall((CHECKOUT / page).read_text(encoding="utf-8"))


def answer(release: Path, query: str) -> str:
    client = str(Path(sys.executable).with_name("duckdb"))
    done = subprocess.run(
        [client, "-readonly", str(release)], input=query, capture_output=True, text=True, check=True
    )
    return "".join(line.rstrip() + "\n" for line in done.stdout.splitlines()).strip("\n") + "\n"


@pytest.mark.parametrize("page", PAGES)
def test_an_example_gives_what_is_printed(built, page):
    found = examples(page)
    assert len(found) == (CHECKOUT / page).read_text(encoding="utf-8").count("```sql") > 0
    for query, printed in found:
        assert answer(built.release, query) == printed, query


def test_the_first_query_is_that_of_the_readme():
    (query, _), *_ = examples("README.md")
    lines = (CHECKOUT / "docs/first_query.sql").read_text(encoding="utf-8").splitlines(keepends=True)
    assert query == "".join(line for line in lines if not line.startswith("--"))


def test_the_page_on_checks_lists_every_rule():
    with (CHECKOUT / "dbt_project/seeds/quality/rules.csv").open(encoding="utf-8", newline="") as stream:
        listed = [
            f"| `{rule['rule']}` | {rule['meaning'][0].lower()}{rule['meaning'][1:]} | "
            f"{rule['severity']}{', waivable' if rule['waivable'] == 'true' else ''} |"
            for rule in csv.DictReader(stream)
        ]
    page = (CHECKOUT / "docs/checks.md").read_text(encoding="utf-8")
    assert "\n".join(["| rule | finds | |", "|---|---|---|", *listed]) in page

"""Every rule is named by some test, so that a rule that nothing proves is seen."""

from __future__ import annotations

import csv
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
RULES = CHECKOUT / "dbt_project" / "seeds" / "quality" / "rules.csv"


def unproved(rules: list[str], sources: list[str]) -> list[str]:
    """The rules that no source holds as a quoted string."""
    return [
        rule
        for rule in rules
        if not any(f'"{rule}"' in source or f"'{rule}'" in source for source in sources)
    ]


def test_every_rule_is_named_in_a_test() -> None:
    with RULES.open(encoding="utf-8", newline="") as stream:
        rules = [row["rule"] for row in csv.DictReader(stream)]
    tests = [path for path in (CHECKOUT / "tests").rglob("*.py") if path != Path(__file__).resolve()]
    assert rules
    assert unproved(rules, [path.read_text(encoding="utf-8") for path in tests]) == []


def test_a_rule_without_a_test_is_seen() -> None:
    assert unproved(["drift", "weight_mean"], ['("drift", 1)', "no weight_mean"]) == ["weight_mean"]

"""The audit as checks: each rule on quality.violation, the suites on quality.response_code_audit."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from kjpoll.common.seed_file import read_seed
from kjpoll.scheduling import ProjectPaths
from kjpoll.scheduling.build_findings import gate_findings

VIOLATION = dg.AssetKey(["quality", "violation"])
AUDIT = dg.AssetKey(["quality", "response_code_audit"])
EXPLAINED = "every_failed_expectation_has_a_violation"
SHOWN = 20


def audit_checks(paths: ProjectPaths) -> dg.AssetChecksDefinition:
    """The checks. An error that no waiver covers keeps all that comes after the audit from being built."""
    rules = {row["rule"]: row for row in read_seed(paths.dbt_project / "seeds/quality/rules.csv")}
    specs = [
        dg.AssetCheckSpec(
            name, asset=VIOLATION, description=rule["meaning"], blocking=rule["severity"] == "error"
        )
        for name, rule in rules.items()
    ]
    specs.append(
        dg.AssetCheckSpec(
            EXPLAINED,
            asset=AUDIT,
            blocking=True,
            description="Rules and suites look at the same; where they disagree, one of them errs.",
        )
    )

    @dg.multi_asset_check(name="audit", specs=specs)
    def audit() -> Iterator[dg.AssetCheckResult]:
        findings = gate_findings(paths.build_file)
        rows_by_rule: dict[str, list] = {}
        for row in [*findings.violations, *findings.warnings]:
            rows_by_rule.setdefault(row["rule"], []).append(row)
        for name, rule in rules.items():
            yield _result(name, VIOLATION, rows_by_rule.pop(name, []), rule["severity"])
        yield _result(EXPLAINED, AUDIT, findings.expectations, "error")
        if rows_by_rule:
            raise dg.Failure(f"rules that the rules seed does not have: {', '.join(sorted(rows_by_rule))}")

    return audit


def _result(name: str, key: dg.AssetKey, rows: list, severity: str) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=name,
        asset_key=key,
        passed=not rows,
        severity=dg.AssetCheckSeverity.ERROR if severity == "error" else dg.AssetCheckSeverity.WARN,
        metadata={
            "found": len(rows),
            "rows": dg.MetadataValue.json(
                [
                    {column: value for column, value in row.items() if value is not None}
                    for row in rows[:SHOWN]
                ]
            ),
        },
    )

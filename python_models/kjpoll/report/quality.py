"""The page of the checks: what agrees with the published figures, what does not and why; audits, waivers, drift."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kjpoll.report.site import Page, Section, Site

SECTION = Section(
    "Data quality",
    "quality.html",
    "What was checked, what agrees with the published figures, what does not, and why.",
)

AGREEMENT = """
select 'Published percentages' as name, count(*) filter (eligible) as eligible, count(*) filter (agrees) as agree,
    0 as close, count(*) filter (eligible and not agrees) as disagree, count(*) filter (not eligible) as not_eligible
from quality.reconciliation_topline
union all
select 'Percentages within a subgroup', count(*) filter (eligible), count(*) filter (agrees),
    0, count(*) filter (eligible and not agrees), count(*) filter (not eligible)
from quality.reconciliation_subgroup
union all
select 'Claims in the text', count(*) filter (eligible), count(*) filter (agrees),
    0, count(*) filter (eligible and not agrees), count(*) filter (not eligible)
from quality.reconciliation_claim
union all
select 'Cells of the regression tables', count(*) filter (eligible), count(*) filter (agrees),
    count(*) filter (eligible and not agrees and close), count(*) filter (eligible and not agrees and not close),
    count(*) filter (not eligible)
from quality.reconciliation_regression
"""
PERCENTAGES = """
select reconciliation_topline.*, label_en,
    sources.title as source_title, sources.url as source_url, sources.kind as source_kind
from quality.reconciliation_topline
inner join marts.dim_question using (question_id)
left join published.sources using (source_id)
where agrees is not true order by eligible desc, question_id, country, wave, source_id
"""
CLAIMS = """
select reconciliation_claim.*, label_en from quality.reconciliation_claim
left join marts.dim_question using (question_id) where agrees is not true order by claim_id
"""
CELLS = """
select * from quality.reconciliation_regression
where agrees is not true order by eligible desc, printed_table, model, kind, term, category_id, statistic
"""
AUDITS = """
select expectation, rule, count(*) as samples, count(*) filter (success) as passed,
    sum(n_elements) as n_elements, sum(n_unexpected) as n_unexpected
from quality.response_code_audit group by all order by expectation
"""
FAILED_AUDITS = """
select sample_id, expectation, n_unexpected, unexpected
from quality.response_code_audit where not success order by all
"""
JUMPS = """
select drift.*, dim_question.label_en as question, dim_category.label_en as category, known_changes.reason,
    sources.title as source_title, sources.url as source_url, sources.kind as source_kind
from quality.drift
inner join marts.dim_question using (question_id)
inner join marts.dim_category using (question_id, category_id)
left join seeds.known_changes using (sample_id, question_id, category_id, share_of)
left join published.sources using (source_id)
where is_jump order by question_id, country desc, wave, category_id
"""
DRIFT = """
select count(*) as compared, count(*) filter (is_jump) as jumps,
    count(*) filter (explained_by = 'publication') as publication,
    count(*) filter (explained_by = 'known_change') as known_change,
    count(*) filter (explained_by = 'return') as returns,
    count(*) filter (is_jump and explained_by is null) as unexplained
from quality.drift
"""
EXPLANATIONS = {
    "publication": "printed too",
    "known_change": "known change",
    "return": "back from the jump before",
    None: "not explained",
}


def pages(site: Site) -> Iterable[Page]:
    yield Page(
        SECTION.path,
        SECTION.title,
        "quality.html.j2",
        {
            "agreement": agreement(site),
            "checks": checks(site),
            "percentages": site.rows(PERCENTAGES),
            "claims": site.rows(CLAIMS),
            "cells": site.rows(CELLS),
            "audits": site.rows(AUDITS),
            "failed_audits": site.rows(FAILED_AUDITS),
            "violations": site.rows("select * from quality.violation order by all"),
            "waivers": site.rows("select * from seeds.waivers order by all"),
            "rules": site.rows("select * from seeds.rules order by stage, severity, rule"),
            "drift": site.rows(DRIFT)[0],
            "jumps": site.rows(JUMPS),
            "explanations": EXPLANATIONS,
        },
    )


def agreement(site: Site) -> list[dict[str, Any]]:
    """Per kind of published number: name, eligible, agree, close (last digit differs), disagree, not_eligible."""
    return site.rows(AGREEMENT)


def checks(site: Site) -> dict[str, int]:
    """The state of the build in counts: audits, audits_passed, rules, violations, waived, warnings."""
    return site.rows("""
        select
            (select count(*) from quality.response_code_audit) as audits,
            (select count(*) filter (success) from quality.response_code_audit) as audits_passed,
            (select count(*) from seeds.rules) as rules,
            (select count(*) from quality.violation where severity = 'error' and not is_waived) as violations,
            (select count(*) from quality.violation where is_waived) as waived,
            (select count(*) from quality.violation where severity = 'warn' and not is_waived) as warnings
    """)[0]

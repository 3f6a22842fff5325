"""The page of the methods: samples, synthetic records, missing answers, comparability, statistics, models."""

from __future__ import annotations

from collections.abc import Iterable

from kjpoll.report.comparability import NOTED
from kjpoll.report.site import Page, Section, Site

SECTION = Section(
    "Methods",
    "methods.html",
    "How the samples were drawn, what is assumed, and how every number is computed.",
)
SAMPLES = """
select dim_sample.*, sources.title as source_title, sources.url as source_url, sources.kind as source_kind
from marts.dim_sample left join published.sources using (source_id) order by country desc, wave
"""
BASES = """
select basis, count(*) as cells, 100.0 * count(*) / sum(count(*)) over () as pct
from seeds.margins group by basis order by cells desc, basis
"""
STATUSES = """
select answer_status, count(*) as n, 100.0 * count(*) / sum(count(*)) over () as pct
from marts.fct_response group by answer_status order by n desc, answer_status
"""
DIFFERENCES = f"""
with {NOTED}
select dim_question.question_id, dim_question.label_en, availability.comparability,
    string_agg(sample_id, ', ' order by country desc, wave) as samples, noted.note
from marts.availability
inner join marts.dim_question using (question_id)
left join noted using (sample_id, question_id)
where availability.asked and availability.comparability <> 'identical'
group by all order by label_en, comparability, samples
"""
REFERENTS = """
select dim_question.label_en, country, referent, min(wave) as first_wave, max(wave) as last_wave
from marts.availability inner join marts.dim_question using (question_id)
where asked and referent is not null
group by all order by label_en, country desc, first_wave, referent
"""
MODELS = """
select printed_table, model, series as country, wave, formula, n_sample, n_obs, n_dropped_dont_know, n_dropped_no_answer
from analysis.regression_model where printed_table is not null and variant = 'published'
order by printed_table, model
"""
# What each basis of seeds.margins means.
BASIS_MEANINGS = {
    "published": "printed for this very answer",
    "published_group": "only a sum of answers was printed (such as “positive”); its split is assumed",
    "core": "counted from the records to which the printed regressions were fitted",
    "interpolated": "on the line between the waves before and after",
    "assumed": "a guess",
}
STATUS_MEANINGS = {
    "answered": "gave a substantive answer",
    "dont_know": "was asked and did not know, or was not sure",
    "no_answer": "was asked and gave no answer",
    "skipped": "was led past the question by an earlier answer; in no base",
}


def pages(site: Site) -> Iterable[Page]:
    yield Page(
        SECTION.path,
        SECTION.title,
        "methods.html.j2",
        {
            "samples": site.rows(SAMPLES),
            "design_effects": [
                row["design_effect"]
                for row in site.rows("select distinct design_effect from seeds.samples order by 1")
            ],
            "bases": site.rows(BASES),
            "basis_meanings": BASIS_MEANINGS,
            "statuses": site.rows(STATUSES),
            "status_meanings": STATUS_MEANINGS,
            "differences": site.rows(DIFFERENCES),
            "referents": site.rows(REFERENTS),
            "models": site.rows(MODELS),
            "weighted": site.rows(
                "select count(*) as n from seeds.samples where weight_variable is not null"
            )[0]["n"],
        },
    )

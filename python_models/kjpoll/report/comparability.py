"""Where a question's answers cannot be compared with those of the wave before, and why, in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kjpoll.report.site import Site

DIFFERENCES = {
    "wording": "another wording",
    "options": "other answer options",
    "scale": "another scale",
    "mode": "another way of asking",
}

# What the crosswalk notes of a question in a sample: the phrases that all its columns share. What only some of them
# say, such as which choice a column holds, is about these columns.
NOTED = """
phrases as (
    select
        sample_id, question_id, variable,
        unnest(string_split(note, '; ')) as phrase,
        generate_subscripts(string_split(note, '; '), 1) as position
    from seeds.variables where question_id is not null
),

columns_asked as (
    select sample_id, question_id, count(*) as n from seeds.variables where question_id is not null group by all
),

shared as (
    select sample_id, question_id, phrase, min(position) as position
    from phrases inner join columns_asked using (sample_id, question_id)
    group by sample_id, question_id, phrase, n having count(distinct variable) = n
),

noted as (
    select sample_id, question_id, string_agg(phrase, '; ' order by position, phrase) as note from shared group by all
)
"""
# The rule of analysis.trend, for questions without nets too.
ASKED = f"""
with {NOTED}
select
    question_id, country, wave, comparability, referent, note,
    lag(wave) over line as previous_wave,
    lag(comparability) over line as previous_comparability,
    lag(referent) over line as previous_referent,
    lag(note) over line as previous_note
from marts.availability left join noted using (sample_id, question_id)
where asked
window line as (partition by question_id, country order by wave)
order by question_id, country desc, wave
"""


@dataclass(frozen=True)
class Break:
    """Between two waves of a country that asked a question, `previous_wave` and `wave`, the line breaks."""

    country: str
    wave: int
    previous_wave: int
    reason: str


def breaks(site: Site, question_id: str) -> list[Break]:
    """The breaks of a question, by country and wave; `reason` is a phrase without a full stop."""
    return all_breaks(site).get(question_id, [])


@lru_cache(maxsize=1)
def all_breaks(site: Site) -> dict[str, list[Break]]:
    """The breaks of each question that has some; many pages of a site ask."""
    breaks: dict[str, list[Break]] = {}
    for row in site.rows(ASKED):
        if row["previous_wave"] is None:
            continue
        reasons = []
        if row["referent"] != row["previous_referent"]:
            reasons.append(
                f"{row['wave']} asks about {row['referent'] or 'nobody by name'}, "
                f"{row['previous_wave']} about {row['previous_referent'] or 'nobody by name'}"
            )
        if row["comparability"] != row["previous_comparability"]:
            reasons += [
                difference(row["wave"], row["comparability"], row["note"]),
                difference(row["previous_wave"], row["previous_comparability"], row["previous_note"]),
            ]
        reason = "; ".join(filter(None, reasons))
        if reason:
            broken = Break(row["country"], row["wave"], row["previous_wave"], reason)
            breaks.setdefault(row["question_id"], []).append(broken)
    return breaks


def difference(wave: int, comparability: str, note: Any) -> str:
    """What sets a wave's question apart from its reference form; empty if nothing does."""
    if comparability == "identical":
        return ""
    return f"{wave} has {DIFFERENCES[comparability]}" + (f" ({note})" if note else "")

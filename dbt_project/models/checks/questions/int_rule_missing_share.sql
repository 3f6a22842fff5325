-- A question has bands of its own for both kinds or for none, so one that had the country's gets two lines.
with share as (
    select
        *,
        country || ',' || question_id || ',' || missing_type
        || ',' || cast(least(coalesce(min_pct, 0), cast(floor(pct) as integer)) as varchar)
        || ',' || cast(greatest(coalesce(max_pct, 0), cast(ceil(pct) as integer)) as varchar) || ',<note>' as line
    from {{ ref('int_missing_share') }}
),

question as (
    select sample_id, question_id, min(line) || ' and ' || max(line) as lines
    from share
    group by sample_id, question_id
)

select
    'missing_share' as rule,
    cast(null as varchar) as file,
    share.sample_id,
    share.question_id,
    share.variable,
    share.missing_type as code,
    cast(null as varchar) as raw_label,
    share.n,
    share.first_rows,
    printf('%.1f', share.pct) || '% of the ' || share.base_n || ' asked, '
    || case
        when share.min_pct is null then 'and the country has no band for it'
        else 'outside the band of ' || share.min_pct || ' to ' || share.max_pct || '%'
    end as finding,
    'correct the file; or, where it is true, survey/missing_bands.csv: '
    || case when share.has_own_band then share.line else question.lines end as resolve_with
from share
inner join question on share.sample_id = question.sample_id and share.question_id = question.question_id
inner join {{ ref('int_judged_sample') }} as judged on share.sample_id = judged.sample_id
where share.is_judged and not coalesce(share.pct between share.min_pct and share.max_pct, false)

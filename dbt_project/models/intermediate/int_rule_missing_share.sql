select
    'missing_share' as rule,
    cast(null as varchar) as file,
    sample_id,
    question_id,
    variable,
    missing_type as code,
    cast(null as varchar) as raw_label,
    n,
    first_rows,
    printf('%.1f', pct) || '% of the ' || base_n || ' asked, '
    || case
        when min_pct is null then 'and the country has no band for it'
        else 'outside the band of ' || min_pct || ' to ' || max_pct || '%'
    end as finding,
    'survey/missing_bands.csv: ' || country || ',' || question_id || ',' || missing_type
    || ',' || cast(least(coalesce(min_pct, 0), cast(floor(pct) as integer)) as varchar)
    || ',' || cast(greatest(coalesce(max_pct, 0), cast(ceil(pct) as integer)) as varchar) || ',<note>' as resolve_with
from {{ ref('int_missing_share') }}
inner join {{ ref('int_judged_sample') }} using (sample_id)
where is_judged and not coalesce(pct between min_pct and max_pct, false)

with pair as (
    select
        sample_id,
        row,
        other_row,
        'rows ' || row || ' and ' || other_row || ' (' || agency_id || ', ' || other_agency_id || '): '
        || n_same || ' of ' || n_questions || ' answers, ' || cast(floor(100.0 * n_same / n_questions) as integer)
        || '%' as records,
        row_number() over (partition by sample_id order by row, other_row) as place
    from {{ ref('int_near_pair') }}
),

member as (
    select sample_id, row from pair
    union
    select sample_id, other_row from pair
)

select
    'near_identical_respondents' as rule,
    cast(null as varchar) as file,
    member.sample_id,
    cast(null as varchar) as question_id,
    cast(null as varchar) as variable,
    cast(null as varchar) as code,
    cast(null as varchar) as raw_label,
    count(*) as n,
    {{ first_values('member.row', 5) }} as first_rows,
    'pairs of records agree in more answers than chance allows; the first with their identifiers: '
    || max(listed.records) as finding,
    'correct the file: keep one record for each respondent' as resolve_with
from member
inner join {{ ref('int_judged_sample') }} as judged on member.sample_id = judged.sample_id
inner join (
    select sample_id, replace({{ joined_text('records', 'place') }}, ';', '; ') as records
    from pair
    where place <= 5
    group by sample_id
) as listed on member.sample_id = listed.sample_id
group by member.sample_id

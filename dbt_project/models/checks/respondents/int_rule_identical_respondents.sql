with member as (
    select
        *,
        min(row) over (partition by sample_id, pattern_digest) as first_row
    from {{ ref('int_answer_pattern') }}
    -- The first of n records gives the pattern, and n - 1 repeat it; any n records of the sample could be these.
    where n_same > 1 and (n_same - 1) * surprise >= {{ beyond_chance('n_same * ln(n_records) - ln(2.0)') }}
),

pattern as (
    select
        sample_id,
        first_row,
        count(*) as n,
        'rows ' || {{ first_values('row', 5) }} || ' (' || {{ first_values('agency_id', 5) }} || ')' as records,
        row_number() over (partition by sample_id order by first_row) as place
    from member
    group by sample_id, first_row
)

select
    'identical_respondents' as rule,
    cast(null as varchar) as file,
    member.sample_id,
    cast(null as varchar) as question_id,
    cast(null as varchar) as variable,
    cast(null as varchar) as code,
    cast(null as varchar) as raw_label,
    count(*) as n,
    {{ first_values('member.row', 5) }} as first_rows,
    'several records agree in all ' || max(member.n_questions)
    || ' answers, which chance does not explain; the first with their identifiers: '
    || max(listed.records) as finding,
    'correct the file: keep one record for each respondent' as resolve_with
from member
inner join {{ ref('int_judged_sample') }} as judged on member.sample_id = judged.sample_id
inner join (
    select sample_id, replace({{ joined_text('records', 'place') }}, ';', '; ') as records
    from pattern
    where place <= 5
    group by sample_id
) as listed on member.sample_id = listed.sample_id
group by member.sample_id

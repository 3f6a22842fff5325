-- Every missing share that is checked has a band. What lacks is one finding a country, since one act adds it all.
with kinds as (
    select 'dont_know' as missing_type
    union all
    select 'no_answer' as missing_type
),

default_band as (
    select countries.country, count(bands.country) = count(*) as is_complete
    from (select distinct country from {{ ref('samples') }}) as countries
    cross join kinds
    left join {{ ref('missing_bands') }} as bands
        on countries.country = bands.country and kinds.missing_type = bands.missing_type and bands.question_id is null
    group by countries.country
),

asked as (
    select samples.country, variables.question_id, count(distinct samples.wave) as n_waves
    from {{ ref('variables') }} as variables
    inner join {{ ref('samples') }} as samples on variables.sample_id = samples.sample_id
    where variables.role = 'answer' and variables.question_id in (select question_id from {{ ref('questions') }})
    group by samples.country, variables.question_id
),

own_band as (
    select distinct country, question_id
    from {{ ref('missing_bands') }}
    where question_id is not null
),

-- The next wave is compared with the series, so a question of two waves has bands of its own; one of a single wave has the
-- country's, where that has both.
lacking as (
    select asked.country, count(*) as n, {{ first_values('asked.question_id', 3) }} as first_questions
    from asked
    inner join default_band on asked.country = default_band.country
    left join own_band on asked.country = own_band.country and asked.question_id = own_band.question_id
    where own_band.country is null and (asked.n_waves > 1 or not default_band.is_complete)
    group by asked.country
),

fault as (
    select
        cast(null as string) as question_id,
        lacking.n,
        default_band.country
        || coalesce(
            ' has no bands for ' || lacking.n || ' of its questions (' || lacking.first_questions
            || case when lacking.n > 3 then ' and others)' else ')' end,
            ''
        )
        || case when not default_band.is_complete and lacking.n is not null then ', and' else '' end
        || case when default_band.is_complete then '' else ' has no band for questions that are new to the series' end
            as finding,
        'kjpoll bands --country ' || default_band.country || ' shows the rows that the waves there are give, and adds them with --write'
            as resolve_with
    from default_band
    left join lacking on default_band.country = lacking.country
    where not default_band.is_complete or lacking.n is not null

    union all
    -- A question either has both bands of its own, or falls to the country's for both.
    select
        question_id, null, 'the question has a band for one kind of missing answer only',
        min({{ seed_line('missing_bands', 'bands', {
            'missing_type': "case bands.missing_type when 'dont_know' then 'no_answer' else 'dont_know' end",
            'min_pct': "'<min_pct>'", 'max_pct': "'<max_pct>'"}) }})
    from {{ ref('missing_bands') }} as bands
    where question_id is not null and missing_type in ('dont_know', 'no_answer')
    group by country, question_id
    having count(distinct missing_type) <> 2
),

finding as (
    select 'incomplete_row' as rule, '{{ seed_file("missing_bands") }}' as file, question_id, n, finding, resolve_with
    from fault
)

{{ findings_from('finding', ['rule', 'file', 'question_id', 'n', 'finding', 'resolve_with']) }}

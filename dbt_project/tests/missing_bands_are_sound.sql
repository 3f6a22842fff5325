-- A row here is a fault.
with kind as (
    select distinct samples.country, kinds.missing_type
    from {{ ref('samples') }} as samples
    cross join (select 'dont_know' as missing_type union all select 'no_answer' as missing_type) as kinds
)

select country, question_id, missing_type, 'not 0 <= min_pct <= max_pct <= 100' as fault
from {{ ref('missing_bands') }}
where not (0 <= min_pct and min_pct <= max_pct and max_pct <= 100)

union all
select kind.country, null as question_id, kind.missing_type, 'the country has no default' as fault
from kind
left join {{ ref('missing_bands') }} as preset
    on kind.country = preset.country and kind.missing_type = preset.missing_type and preset.question_id is null
where preset.country is null

union all
-- A question either has both bands of its own, or falls to the country's default for both.
select country, question_id, min(missing_type) as missing_type, 'the other kind has no row' as fault
from {{ ref('missing_bands') }}
where question_id is not null
group by country, question_id
having count(*) <> 2

union all
-- The next wave is judged against the series, so a question of two waves has bands of its own.
select asked.country, asked.question_id, null as missing_type, 'asked in several waves, but has no row' as fault
from (
    select samples.country, variables.question_id
    from {{ ref('variables') }} as variables
    inner join {{ ref('samples') }} as samples on variables.sample_id = samples.sample_id
    where variables.role = 'answer'
    group by samples.country, variables.question_id
    having count(distinct samples.wave) > 1
) as asked
left join {{ ref('missing_bands') }} as own on asked.country = own.country and asked.question_id = own.question_id
where own.country is null

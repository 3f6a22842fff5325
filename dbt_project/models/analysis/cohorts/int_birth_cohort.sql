-- The year of birth is the year of the sample less the age, known to a year. A band of ages is of a cohort where all of its years of
-- birth are.
with answer as (
    select
        fact.respondent_id,
        fact.sample_id,
        fact.question_id,
        fact.category_id,
        coalesce(samples.year, waves.year) - coalesce(respondent.age, band.value_max) as first_year,
        coalesce(samples.year, waves.year) - coalesce(respondent.age, band.value_min) as last_year
    from {{ ref('fct_response') }} as fact
    inner join {{ ref('questions') }} as questions on fact.question_id = questions.question_id
    inner join {{ ref('dim_respondent') }} as respondent on fact.respondent_id = respondent.respondent_id
    inner join {{ ref('samples') }} as samples on fact.sample_id = samples.sample_id
    inner join {{ ref('waves') }} as waves on samples.wave = waves.wave
    left join {{ ref('categories') }} as band
        on questions.category_set = band.category_set and fact.category_id = band.category_id
    where questions.respondent_role = 'age' and fact.answer_status = 'answered'
)

select
    answer.respondent_id,
    answer.sample_id,
    answer.question_id,
    answer.category_id,
    cohort.cohort_id
from answer
left join {{ ref('birth_cohorts') }} as cohort
    on answer.first_year >= cohort.first_year and answer.last_year <= cohort.last_year

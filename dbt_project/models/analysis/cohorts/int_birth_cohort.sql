-- The year of birth is the wave less the age, known to a year. A band of ages is of a cohort where all of its years of birth are.
with band as (
    select categories.category_id, categories.value_min, categories.value_max
    from {{ ref('categories') }} as categories
    inner join {{ ref('questions') }} as questions on categories.category_set = questions.category_set
    where questions.question_id = 'age_group'
)

select
    respondent.respondent_id,
    respondent.sample_id,
    respondent.age_group,
    cohort.cohort_id
from {{ ref('dim_respondent') }} as respondent
inner join band on respondent.age_group = band.category_id
left join {{ ref('birth_cohorts') }} as cohort
    on respondent.wave - coalesce(respondent.age, band.value_max) >= cohort.first_year
    and respondent.wave - coalesce(respondent.age, band.value_min) <= cohort.last_year

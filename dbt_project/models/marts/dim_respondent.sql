-- depends_on: {{ ref('gate') }}
with answer as (
    select
        sample_id,
        row,
        max(category_id) filter (where question_id = 'sex' and missing_type is null) as sex,
        max(number) filter (where question_id = 'age_group') as age,
        max(category_id) filter (where question_id = 'age_group' and missing_type is null) as age_group,
        max(category_id) filter (where question_id = 'education' and missing_type is null) as education,
        max(position) filter (where question_id = 'ideology') as ideology,
        max(position) filter (where question_id = 'party_support') as party_support
    from {{ ref('int_single_answer') }}
    where question_id in ('sex', 'age_group', 'education', 'ideology', 'party_support')
    group by sample_id, row
)

select
    stg_respondent.respondent_id,
    stg_respondent.sample_id,
    samples.wave,
    samples.country,
    stg_respondent.agency_id,
    answer.sex,
    cast(answer.age as smallint) as age,
    answer.age_group,
    answer.education,
    answer.ideology,
    answer.party_support,
    int_weight.weight
from {{ ref('stg_respondent') }} as stg_respondent
inner join {{ ref('samples') }} as samples on stg_respondent.sample_id = samples.sample_id
inner join {{ ref('int_weight') }} as int_weight
    on stg_respondent.sample_id = int_weight.sample_id and stg_respondent.row = int_weight.row
left join answer on stg_respondent.sample_id = answer.sample_id and stg_respondent.row = answer.row
order by stg_respondent.sample_id, stg_respondent.row

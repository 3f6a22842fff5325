-- What is read through the row of a seed that is wrong, and doubtful for that reason: the sample and question that the row
-- names; the columns that have its code list or category set; or, where it names no question that exists, its column and
-- the questions that its sample seems not to ask; of a universe, the questions that have it. Without any of these, everything.
with fault as (
    select
        finding.precedence,
        samples.sample_id,
        questions.question_id,
        finding.question_id is not null and questions.question_id is null as is_unknown_question,
        finding.variable,
        finding.code_list,
        case when finding.category_set <> 'reserved' then finding.category_set end as category_set
    from {{ ref('int_finding') }} as finding
    left join {{ deduplicated('samples', ['sample_id']) }} as samples on finding.sample_id = samples.sample_id
    left join {{ deduplicated('questions', ['question_id']) }} as questions on finding.question_id = questions.question_id
    where
        finding.stage = 'crosswalk'
        and finding.severity = 'error'
        and finding.file in (
            {% for seed in ['samples', 'questions', 'categories', 'variables', 'code_lists'] %}
            '{{ seed_file(seed) }}'{{ ',' if not loop.last }}
            {% endfor %}
        )
),

-- The findings of several rows name several lists.
fault_of_list as (
    select precedence, {{ split_rows('code_list', "';'") }} as code_list, cast(null as string) as category_set
    from fault
    where question_id is null and variable is null and code_list is not null
    union all
    select precedence, null, {{ split_rows('category_set', "';'") }}
    from fault
    where question_id is null and variable is null and code_list is null and category_set is not null
),

-- A row of universes names the parent, and is read with the other rows of its universe.
fault_of_universe as (
    select distinct finding.precedence, finding.question_id as parent_question_id, universes.universe
    from {{ ref('int_finding') }} as finding
    left join {{ ref('universes') }} as universes
        on coalesce(finding.question_id, universes.question_id) = universes.question_id
    where finding.stage = 'crosswalk' and finding.severity = 'error' and finding.file = '{{ seed_file("universes") }}'
),

read_column as (
    select fault_of_list.precedence, variables.sample_id, variables.question_id
    from fault_of_list
    inner join {{ ref('variables') }} as variables on variables.question_id is not null
    left join {{ deduplicated('questions', ['question_id']) }} as questions on variables.question_id = questions.question_id
    where variables.code_list = fault_of_list.code_list or questions.category_set = fault_of_list.category_set
)

select precedence, sample_id, question_id, cast(null as string) as variable, false as hides_unasked
from fault
where question_id is not null or (variable is null and code_list is null and category_set is null)

union

select fault.precedence, fault.sample_id, null, fault.variable, fault.is_unknown_question or coalesce(variables.role, 'answer') = 'answer'
from fault
left join {{ ref('variables') }} as variables
    on fault.sample_id = variables.sample_id and fault.variable = variables.variable
where fault.variable is not null and (fault.question_id is null or fault.sample_id is null)

union

select precedence, sample_id, question_id, null, false
from read_column

union

-- What is found of the question in no sample: its sample is an empty text, since none stands for all.
select precedence, '', question_id, null, false
from read_column

union

select precedence, null, parent_question_id, null, false
from fault_of_universe
where parent_question_id is not null

union

select fault.precedence, null, questions.question_id, null, false
from fault_of_universe as fault
inner join {{ ref('questions') }} as questions on fault.universe = questions.universe

union

select fault.precedence, variables.sample_id, variables.question_id, null, false
from fault_of_universe as fault
inner join {{ ref('variables') }} as variables on fault.universe = variables.universe
where variables.question_id is not null

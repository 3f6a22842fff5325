-- What nothing uses is either a fault in what should use it, or dead weight.
with note as (
    {% for seed in ['samples', 'toplines', 'demographics', 'subgroups', 'claims', 'regression_tables'] %}
    select note from {{ ref(seed) }} where note is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

cited as (
    {% for seed in ['samples', 'toplines', 'demographics', 'subgroups', 'events'] %}
    select source_id from {{ ref(seed) }} where source_id is not null
    union
    {% endfor %}
    select sources.source_id
    from {{ ref('sources') }} as sources
    inner join note on note.note like '%' || sources.source_id || '%'
),

published_option as (
    {% for seed in ['toplines', 'demographics', 'subgroups', 'claims'] %}
    select question_id, option_id from {{ ref(seed) }}
    union
    {% endfor %}
    select subgroup as question_id, value as option_id from {{ ref('subgroups') }}
),

unused as (
    select
        '{{ seed_file("code_lists") }}' as file, cast(null as string) as question_id, cast(null as string) as code,
        count(*) as n, 'no column has the code list ' || code_list as finding,
        min({{ seed_line('code_lists', 'code_lists') }}) as resolve_with
    from {{ ref('code_lists') }} as code_lists
    where code_list not in (select code_list from {{ ref('variables') }} where code_list is not null)
    group by code_list

    union all
    select
        '{{ seed_file("categories") }}', null, null, count(*), 'no question has the category set ' || category_set,
        min({{ seed_line('categories', 'categories') }})
    from {{ ref('categories') }} as categories
    where
        category_set <> 'reserved'
        and category_set not in (select category_set from {{ ref('questions') }} where category_set is not null)
    group by category_set

    union all
    select
        '{{ seed_file("categories") }}', null, null, cast(null as bigint), 'no code means the reserved category ' || category_id,
        {{ seed_line('categories', 'categories') }}
    from {{ ref('categories') }} as categories
    where category_set = 'reserved' and category_id not in (select category_id from {{ ref('code_lists') }} where category_id is not null)

    union all
    select
        '{{ seed_file("questions") }}', question_id, null, null, 'no sample asks the question',
        {{ seed_line('questions', 'questions') }}
    from {{ ref('questions') }} as questions
    where
        question_id not in (select question_id from {{ ref('variables') }} where role = 'answer' and question_id is not null)

    union all
    select
        '{{ seed_file("sources") }}', null, null, null, 'nothing cites the source ' || source_id,
        {{ seed_line('sources', 'sources') }}
    from {{ ref('sources') }} as sources
    where source_id not in (select source_id from cited)

    union all
    select
        '{{ seed_file("topline_options") }}', options.question_id, null, count(*),
        'no published number is about the group ' || options.option_id,
        min({{ seed_line('topline_options', 'options') }})
    from {{ ref('topline_options') }} as options
    left join published_option
        on options.question_id = published_option.question_id and options.option_id = published_option.option_id
    where published_option.option_id is null
    group by options.question_id, options.option_id
),

finding as (
    select 'unused_row' as rule, file, question_id, code, n, finding, resolve_with
    from unused
)

{{ findings_from('finding', ['rule', 'file', 'question_id', 'code', 'n', 'finding', 'resolve_with']) }}

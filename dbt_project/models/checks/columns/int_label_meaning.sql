-- What a label means: in each category set the labels of its categories in all languages, and those that the files
-- give to its codes, where most of them agree; in the set `reserved` also every label of a missing answer in any set.
with of_file as (
    select
        stg_column.category_set,
        stg_code.category_id,
        stg_code.missing_type,
        label_text.plain_label as label,
        count(distinct value_label.sample_id) as n_files
    from {{ ref('value_label') }} as value_label
    inner join {{ ref('label_text') }} as label_text on value_label.label = label_text.label
    inner join {{ ref('stg_column') }} as stg_column
        on value_label.sample_id = stg_column.sample_id and value_label.variable = stg_column.variable
    inner join {{ ref('stg_code') }} as stg_code
        on value_label.sample_id = stg_code.sample_id
        and value_label.variable = stg_code.variable
        and value_label.code = stg_code.code
    group by stg_column.category_set, stg_code.category_id, stg_code.missing_type, label_text.plain_label
),

of_category as (
    select category_set, category_id, missing_type, cast(null as string) as label
    from {{ ref('categories') }}
    where false
    {% for label in labels_of('categories') if label.is_there %}
    union
    select categories.category_set, categories.category_id, categories.missing_type, label_text.plain_label as label
    from {{ ref('categories') }} as categories
    inner join {{ ref('label_text') }} as label_text on cast(categories.{{ label.column }} as string) = label_text.label
    {% endfor %}
),

-- A label of a category stands before any label of a file, and that of a missing answer or of a mark in every set.
claim as (
    select category_set, category_id, label, 2000000000 as weight
    from of_category
    union all
    select of_file.category_set, of_file.category_id, of_file.label, of_file.n_files
    from of_file
    where
        of_file.category_id not in ('chosen', 'not_chosen', 'no_further_choice', 'skipped')
        and of_file.label not in (
            select mark.label from of_category as mark where mark.category_set = 'reserved' and mark.missing_type is null
        )
        and (
            of_file.missing_type is not null
            or of_file.label not in (select missing.label from of_category as missing where missing.missing_type is not null)
        )
    union all
    select 'reserved', category_id, label, n_files
    from of_file
    where category_id in ('chosen', 'not_chosen', 'no_further_choice', 'skipped')
    union all
    select 'reserved', missing_type, label, 1000000000
    from of_category
    where missing_type is not null
    union all
    select 'reserved', missing_type, label, n_files
    from of_file
    where missing_type is not null
),

ranked as (
    select
        category_set,
        category_id,
        label,
        sum(weight) as weight,
        rank() over (partition by category_set, label order by sum(weight) desc) as weight_rank,
        count(*) over (partition by category_set, label, sum(weight)) as n_equal
    from claim
    where label <> ''
    group by category_set, category_id, label
)

select category_set, label, category_id
from ranked
where weight_rank = 1 and n_equal = 1

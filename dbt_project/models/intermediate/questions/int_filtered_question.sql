-- Where the file alone says who was asked (as_delivered), no answer decides.
select distinct
    stg_column.sample_id,
    stg_column.question_id,
    universes.universe,
    universes.question_id as parent_question_id,
    universes.net,
    universes.category_id,
    universes.value_min,
    universes.value_max
from {{ ref('stg_column') }} as stg_column
inner join {{ deduplicated('universes', ['universe', 'question_id', 'net', 'category_id', 'value_min']) }} as universes
    on stg_column.universe = universes.universe
where stg_column.role = 'answer' and stg_column.universe <> 'as_delivered'

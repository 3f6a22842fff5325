-- The mentions of int_wave_share, weighted.
with choice as (
    select
        sample_id,
        row,
        question_id,
        case when layout = 'indicator' then indicator_category_id else category_id end as category_id
    from {{ ref('int_answer') }}
    where layout not in ('ranked', 'delimited') and (layout <> 'indicator' or category_id = 'chosen')

    union all

    select sample_id, row, question_id, category_id
    from {{ ref('int_delimited_choice') }}
    where is_chosen

    union all

    select sample_id, row, question_id, category_id
    from {{ ref('int_ranked_choice') }}
    where is_chosen
)

select
    choice.sample_id,
    choice.question_id,
    choice.category_id,
    {{ exact_sum('weight.relative_weight') }} as weighted_n
from {{ ref('int_relative_weight') }} as weight
inner join choice on weight.sample_id = choice.sample_id and weight.row = choice.row
group by choice.sample_id, choice.question_id, choice.category_id

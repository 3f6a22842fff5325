-- A skip wins over a refusal, a refusal over a don't know, and a don't know over a choice.
-- Whoever was asked and chose nothing gave no answer.
with cell as (
    select
        *,
        case
            when layout = 'indicator' and category_id = 'chosen' then indicator_missing_type
            else missing_type
        end as cell_missing_type,
        case
            when missing_type is not null then false
            when layout = 'indicator' then category_id = 'chosen' and indicator_missing_type is null
            else is_own_category
        end as is_choice
    from {{ ref('int_multiple_cell') }}
)

select
    sample_id,
    row,
    question_id,
    case
        when bool_or(cell_missing_type = 'skipped') then 'skipped'
        when bool_or(cell_missing_type = 'no_answer') then 'no_answer'
        when bool_or(cell_missing_type = 'dont_know') then 'dont_know'
        when bool_or(is_choice) then 'answered'
        else 'no_answer'
    end as answer_status
from cell
group by sample_id, row, question_id

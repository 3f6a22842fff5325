-- The rule contradictory_choice stops a record that holds both a choice and a missing answer.
-- Whoever was asked and chose nothing gave no answer.
with cell as (
    select
        *,
        case
            when layout = 'indicator' and category_id = 'chosen' then indicator_missing_type
            else missing_type
        end as cell_missing_type
    from {{ samples_of(ref('int_multiple_cell')) }}
)

select
    sample_id,
    row,
    question_id,
    case
        when bool_or(cell_missing_type = 'skipped') then 'skipped'
        when bool_or(cell_missing_type = 'no_answer') then 'no_answer'
        when bool_or(cell_missing_type = 'dont_know') then 'dont_know'
        when bool_or({{ is_choice('cell') }}) then 'answered'
        else 'no_answer'
    end as answer_status,
    count(*) filter (where {{ is_choice('cell') }}) as n_choices,
    bool_or(cell_missing_type is not null) as has_missing
from cell
group by sample_id, row, question_id

-- What an answer means under the names that all waves share: the same whatever the codes and the layout of a file.
with cell as (
    select distinct
        answer.sample_id,
        answer.question_id,
        answer.answer_digest,
        case
            when cell.missing_type is not null then cell.missing_type
            when cell.layout = 'indicator' then case when cell.category_id = 'chosen' then cell.indicator_category_id end
            when cell.category_id <> 'no_further_choice' then cell.category_id
            when cell.category_id is null then cast(cell.value as string)
        end as meaning
    from {{ samples_of(ref('int_answer_surprisal')) }} as answer
    inner join {{ samples_of(ref('int_answer')) }} as cell
        on answer.sample_id = cell.sample_id and answer.first_row = cell.row and answer.question_id = cell.question_id
)

select
    sample_id,
    question_id,
    answer_digest,
    {{ text_digest("question_id || ' ' || coalesce(cast(" ~ joined_digest(
        "case when meaning is not null then " ~ text_digest("meaning") ~ " end") ~ " as string), '')") }} as meaning_digest
from cell
group by sample_id, question_id, answer_digest

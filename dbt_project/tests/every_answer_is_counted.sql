-- Nobody who was asked is lost between the records and the toplines: single answers add up to the base, and so do
-- those who answered, did not know and did not answer a multiple-answer question, or one of numbers.
with counted as (
    select
        base.sample_id,
        base.question_id,
        base.base_n,
        case
            when questions.answer_type in ('multiple', 'numeric')
                then
                    case when questions.answer_type = 'numeric' then coalesce(min(number.n), 0) else base.base_substantive_n end
                    + coalesce(sum(topline.n) filter (where categories.missing_type is not null), 0)
            else coalesce(sum(topline.n), 0)
        end as counted_n
    from {{ ref('int_base') }} as base
    inner join {{ ref('questions') }} as questions on base.question_id = questions.question_id
    left join {{ ref('topline') }} as topline
        on base.sample_id = topline.sample_id and base.question_id = topline.question_id
    left join {{ ref('topline_number') }} as number
        on base.sample_id = number.sample_id and base.question_id = number.question_id
    left join {{ ref('categories') }} as categories
        on questions.category_set = categories.category_set and topline.category_id = categories.category_id
    group by base.sample_id, base.question_id, base.base_n, base.base_substantive_n, questions.answer_type
)

select * from counted where counted_n <> base_n

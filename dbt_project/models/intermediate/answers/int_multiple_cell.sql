-- Everything that the columns of a multiple-answer question hold, with what an indicator column stands for.
select
    int_answer.*,
    stands_for.missing_type as indicator_missing_type
from {{ ref('int_answer') }} as int_answer
inner join {{ ref('int_asked') }} as asked
    on int_answer.sample_id = asked.sample_id
    and int_answer.question_id = asked.question_id
    and asked.answer_type is not null
left join {{ ref('int_asked_category') }} as stands_for
    on int_answer.sample_id = stands_for.sample_id
    and int_answer.question_id = stands_for.question_id
    and int_answer.indicator_category_id = stands_for.category_id
where int_answer.layout in ('indicator', 'ranked', 'delimited')

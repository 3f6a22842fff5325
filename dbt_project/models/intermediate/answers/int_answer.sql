select
    answer.sample_id,
    answer.row,
    meaning.question_id,
    meaning.layout,
    meaning.indicator_category_id,
    meaning.variable,
    meaning.column_position,
    meaning.raw_code,
    meaning.code,
    meaning.number,
    meaning.value,
    meaning.category_id,
    meaning.position,
    meaning.net,
    meaning.missing_type,
    meaning.is_own_category
from {{ ref('answer') }} as answer
inner join {{ ref('int_value_meaning') }} as meaning
    on {{ holds_value('answer', 'meaning') }}

-- What a sample's shares are of: categories and nets, each with the categories that it sums, in one text.
select
    sample_id,
    question_id,
    answer_type,
    'category' as grouping,
    category_id as option_id,
    category_id as categories
from {{ ref('int_offered_category') }}

union all

select
    sample_id,
    question_id,
    answer_type,
    'net' as grouping,
    net as option_id,
    {{ joined_text('category_id', 'category_id') }} as categories
from {{ ref('int_offered_category') }}
where net is not null
group by sample_id, question_id, answer_type, net

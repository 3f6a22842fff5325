-- What a published number can be about: a category, a net, or a group of categories.
select distinct questions.question_id, categories.category_id as option_id, categories.category_id
from {{ ref('questions') }} as questions
inner join {{ ref('categories') }} as categories on questions.category_set = categories.category_set

union

select questions.question_id, categories.net as option_id, categories.category_id
from {{ ref('questions') }} as questions
inner join {{ ref('categories') }} as categories on questions.category_set = categories.category_set
where
    categories.net is not null
    and not exists (
        select 1
        from {{ ref('categories') }} as own
        where own.category_set = questions.category_set and own.category_id = categories.net
    )

union

select question_id, option_id, category_id
from {{ ref('topline_options') }}

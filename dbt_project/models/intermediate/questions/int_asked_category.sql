-- The seeds that say what a question's categories are have no sample; here each sample has those that it asks about, so that
-- a change of one touches the samples that use it and no other.
select distinct
    stg_column.sample_id,
    stg_column.question_id,
    categories.category_id,
    categories.position,
    categories.net,
    categories.missing_type,
    categories.value_min,
    categories.value_max
from {{ ref('stg_column') }} as stg_column
inner join {{ deduplicated('categories', ['category_set', 'category_id']) }} as categories
    on stg_column.category_set = categories.category_set
where stg_column.role = 'answer'

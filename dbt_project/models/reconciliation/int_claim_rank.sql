-- The rank of a substantive category among those of its question, 1 = the largest share; 'other' does not compete.
select
    topline.sample_id,
    topline.question_id,
    topline.category_id,
    rank() over (
        partition by topline.sample_id, topline.question_id order by topline.n desc
    ) as share_rank
from {{ ref('topline') }} as topline
inner join {{ ref('dim_category') }} as dim_category
    on topline.question_id = dim_category.question_id and topline.category_id = dim_category.category_id
where dim_category.missing_type is null and topline.category_id <> 'other'

-- How each share is known. Of records that are real it is observed; of synthetic ones it is as good as what was published.
select
    option.sample_id,
    option.question_id,
    option.grouping,
    option.option_id,
    case
        when not sample.synthetic then 'observed'
        when known.basis is not null then known.basis
        when constrained.source_id is not null then 'constrained'
        else 'assumed'
    end as basis,
    case when sample.synthetic then coalesce(known.source_id, constrained.source_id) else sample.source_id end as source_id,
    known.note
from {{ ref('int_share_option') }} as option
inner join {{ ref('dim_sample') }} as sample on option.sample_id = sample.sample_id
left join {{ ref('int_known_share') }} as known
    on option.sample_id = known.sample_id
    and option.question_id = known.question_id
    and option.categories = known.categories
left join {{ ref('int_constrained_share') }} as constrained
    on option.sample_id = constrained.sample_id
    and option.question_id = constrained.question_id
    and option.grouping = constrained.grouping
    and option.option_id = constrained.option_id

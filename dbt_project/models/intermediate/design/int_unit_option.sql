-- What int_topline_count counts, cluster by cluster.
with answer as (
    select single.sample_id, single.row, single.question_id, single.category_id
    from {{ ref('int_single_answer') }} as single
    inner join {{ ref('int_sampling_design') }} as design on single.sample_id = design.sample_id
    where single.answer_status <> 'skipped' and single.category_id is not null

    union all

    select choice.sample_id, choice.row, choice.question_id, choice.category_id
    from {{ ref('int_multiple_choice') }} as choice
    inner join {{ ref('int_multiple_status') }} as status
        on choice.sample_id = status.sample_id and choice.row = status.row and choice.question_id = status.question_id
    inner join {{ ref('int_sampling_design') }} as design on choice.sample_id = design.sample_id
    where choice.is_chosen and status.answer_status = 'answered'

    union all

    select status.sample_id, status.row, status.question_id, offered.category_id
    from {{ ref('int_multiple_status') }} as status
    inner join {{ ref('int_offered_category') }} as offered
        on status.sample_id = offered.sample_id
        and status.question_id = offered.question_id
        and status.answer_status = offered.missing_type
    inner join {{ ref('int_sampling_design') }} as design on status.sample_id = design.sample_id
),

counted as (
    select
        unit.sample_id,
        answer.question_id,
        answer.category_id,
        unit.stratum,
        unit.cluster,
        {{ exact_sum('unit.relative_weight') }} as weighted_n
    from {{ ref('int_sampling_unit') }} as unit
    inner join answer on unit.sample_id = answer.sample_id and unit.row = answer.row
    where unit.relative_weight is not null
    group by unit.sample_id, answer.question_id, answer.category_id, unit.stratum, unit.cluster
),

kind as (
    select 'category' as grouping
    union all
    select 'net' as grouping
)

-- Each of its two groupings once: asked for in two queries, the answers would be counted before the samples are known.
select
    counted.sample_id,
    counted.question_id,
    kind.grouping,
    case kind.grouping when 'category' then counted.category_id else offered.net end as option_id,
    counted.stratum,
    counted.cluster,
    {{ exact_sum('counted.weighted_n') }} as weighted_n
from counted
cross join kind
left join {{ ref('int_offered_category') }} as offered
    on counted.sample_id = offered.sample_id
    and counted.question_id = offered.question_id
    and counted.category_id = offered.category_id
where kind.grouping = 'category' or offered.net is not null
group by counted.sample_id, counted.question_id, kind.grouping, option_id, counted.stratum, counted.cluster

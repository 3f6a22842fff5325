-- With which earlier asking a question is compared: the last with the same comparability and options; where there is none, the
-- last with two options in common. Other options make no other question, so that `options` counts as identical here. The numbers of
-- a numeric question are compared with nothing: how far a mean usually moves is not known.
with offered as (
    select sample_id, question_id, category_id
    from {{ ref('int_offered_category') }}
    where missing_type is null
),

option_list as (
    select sample_id, question_id, {{ joined_text('category_id', 'category_id') }} as options
    from offered
    group by sample_id, question_id
),

asking as (
    select
        asked.sample_id,
        asked.wave,
        asked.country,
        asked.series,
        asked.question_id,
        asked.answer_type,
        asked.comparability,
        case when asked.comparability = 'options' then 'identical' else asked.comparability end as form,
        coalesce(asked.referent, '') as referent,
        coalesce(asked.universe, '') as universe,
        option_list.options,
        lag(asked.wave) over (partition by asked.series, asked.question_id order by asked.wave) as wave_before
    from {{ ref('int_asked') }} as asked
    left join option_list on asked.sample_id = option_list.sample_id and asked.question_id = option_list.question_id
    where option_list.options is not null or asked.answer_type = 'numeric'
),

earlier as (
    select
        asking.sample_id,
        asking.question_id,
        previous.sample_id as previous_sample_id,
        previous.wave as previous_wave,
        asking.options = previous.options and asking.comparability = previous.comparability as is_alike,
        count(*) as n_common
    from asking
    inner join asking as previous
        on asking.series = previous.series
        and asking.question_id = previous.question_id
        and asking.form = previous.form
        and asking.referent = previous.referent
        and asking.universe = previous.universe
        and asking.wave > previous.wave
    inner join offered on asking.sample_id = offered.sample_id and asking.question_id = offered.question_id
    inner join offered as previously_offered
        on previous.sample_id = previously_offered.sample_id
        and previous.question_id = previously_offered.question_id
        and offered.category_id = previously_offered.category_id
    group by
        asking.sample_id, asking.question_id, previous.sample_id, previous.wave, asking.options, previous.options,
        asking.comparability, previous.comparability
),

nearest as (
    select
        *,
        row_number() over (partition by sample_id, question_id order by is_alike desc, previous_wave desc) as nearness
    from earlier
    where is_alike or n_common > 1
)

select
    asking.sample_id,
    asking.wave,
    asking.country,
    asking.series,
    asking.question_id,
    asking.comparability,
    asking.form,
    asking.referent,
    asking.wave_before,
    nearest.previous_sample_id,
    nearest.previous_wave,
    coalesce(nearest.is_alike, false) as is_alike,
    case
        when nearest.previous_sample_id is not null then null
        when asking.wave_before is null then 'first asking'
        when asking.answer_type = 'numeric' then 'numbers'
        when before.referent <> asking.referent then 'referent'
        when before.universe <> asking.universe then 'universe'
        when before.form <> asking.form then 'comparability'
        else 'options'
    end as uncompared_because
from asking
left join nearest
    on asking.sample_id = nearest.sample_id and asking.question_id = nearest.question_id and nearest.nearness = 1
left join asking as before
    on asking.series = before.series and asking.question_id = before.question_id and asking.wave_before = before.wave

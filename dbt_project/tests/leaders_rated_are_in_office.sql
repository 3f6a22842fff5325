-- Whoever held the counterpart's office during fieldwork is named as the leader rated, and nobody else is.
with term as (
    select
        country,
        date as first_day,
        takes_office as leader,
        lead(date) over (partition by country order by date) as next_day
    from {{ ref('events') }}
    where takes_office is not null
),

rated as (
    select distinct samples.sample_id, samples.country, samples.fieldwork_start, samples.fieldwork_end, columns.referent
    from {{ ref('variables') }} as columns
    inner join {{ ref('questions') }} as questions
        on columns.question_id = questions.question_id and questions.topic = 'leaders'
    inner join {{ ref('samples') }} as samples on columns.sample_id = samples.sample_id
    where columns.question_id in (select question_id from {{ ref('variables') }} where referent is not null)
),

held as (
    select rated.sample_id, rated.referent, term.leader
    from rated
    left join term
        on rated.country <> term.country
        and rated.fieldwork_end >= term.first_day
        and (term.next_day is null or rated.fieldwork_start < term.next_day)
)

select sample_id, referent
from held
group by sample_id, referent
having
    count(case when referent like '%' || leader || '%' then 1 end) < count(*)
    or length(referent) - length(replace(referent, ' or ', '')) <> length(' or ') * (count(*) - 1)

union all

-- A government that is rated is that of somebody in office.
select distinct samples.sample_id, columns.referent
from {{ ref('variables') }} as columns
inner join {{ ref('questions') }} as questions
    on columns.question_id = questions.question_id and questions.topic = 'government'
inner join {{ ref('samples') }} as samples on columns.sample_id = samples.sample_id
where
    columns.role = 'answer'
    and not exists (
        select 1
        from term
        where
            term.leader like replace(columns.referent, ' government', '') || ' %'
            and samples.fieldwork_end >= term.first_day
            and (term.next_day is null or samples.fieldwork_start < term.next_day)
    )

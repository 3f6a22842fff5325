-- A leader, or a government, that a question names was in office during fieldwork, and so is everybody named who held that office
-- then. Known from the events of who takes office; a survey without such events has nothing to be compared with.
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
    select distinct samples.sample_id, samples.fieldwork_start, samples.fieldwork_end, columns.referent
    from {{ ref('variables') }} as columns
    inner join {{ ref('samples') }} as samples on columns.sample_id = samples.sample_id
    where columns.referent is not null and exists (select 1 from term)
),

named as (
    select
        rated.sample_id,
        rated.referent,
        term.country,
        term.leader,
        rated.fieldwork_end >= term.first_day and (term.next_day is null or rated.fieldwork_start < term.next_day) as is_in_office,
        rated.referent like '%' || term.leader || '%'
        or (rated.referent like '% government' and term.leader like replace(rated.referent, ' government', '') || ' %') as is_named
    from rated
    cross join term
),

office as (
    select distinct sample_id, referent, country
    from named
    where is_named and referent not like '% government'
),

-- Who has been in office more than once is named for one of the terms.
fault as (
    select sample_id, referent, leader
    from named
    where is_named <> is_in_office and (sample_id, referent, country) in (select sample_id, referent, country from office)
    except
    select sample_id, referent, leader
    from named
    where is_named and is_in_office
)

select
    rated.sample_id,
    rated.referent,
    'names nobody who was in office' as finding
from rated
where
    not exists (
        select 1
        from named
        where
            named.sample_id = rated.sample_id and named.referent = rated.referent and named.is_named
            and (named.is_in_office or named.referent not like '% government')
    )

union all

select
    sample_id,
    referent,
    'names somebody who was not in office, or leaves out who was: ' || {{ joined_text('leader', 'leader') }} as finding
from fault
group by sample_id, referent

union all

-- What names a leader in one sample names one in all.
select distinct columns.sample_id, cast(null as string) as referent, 'names nobody' as finding
from {{ ref('variables') }} as columns
where
    columns.role = 'answer'
    and columns.referent is null
    and columns.question_id in (
        select leader_question.question_id
        from {{ ref('variables') }} as leader_question
        inner join term on leader_question.referent like '%' || term.leader || '%'
    )

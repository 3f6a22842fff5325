-- A leader, or a government, that a question names was in office during fieldwork, and so is everybody named who held that office
-- then. Known from the events of who takes office; a survey without such events has nothing to be compared with.
with term as (
    select
        country,
        date as first_day,
        takes_office as leader,
        lead(date) over (partition by country order by date) as next_day
    from {{ ref('events') }}
    where takes_office is not null and country is not null
),

mention as (
    select
        referred.question_id,
        referred.referent,
        term.*,
        referred.referent like '%' || term.leader || '%'
        or (
            referred.referent like '% government'
            and term.leader like replace(referred.referent, ' government', '') || ' %'
        ) as is_named
    from (select distinct question_id, referent from {{ ref('variables') }} where referent is not null) as referred
    cross join term
),

-- Of a question that names no leader anywhere the referent is something else.
named as (
    select distinct
        samples.sample_id,
        mention.referent,
        mention.country,
        mention.leader,
        samples.fieldwork_end >= mention.first_day
        and (mention.next_day is null or samples.fieldwork_start < mention.next_day) as is_in_office,
        mention.is_named
    from {{ ref('variables') }} as columns
    inner join {{ ref('samples') }} as samples on columns.sample_id = samples.sample_id
    inner join mention on columns.question_id = mention.question_id and columns.referent = mention.referent
    where mention.question_id in (select naming.question_id from mention as naming where naming.is_named)
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

select sample_id, referent, 'names nobody who was in office' as finding
from named
group by sample_id, referent
having not bool_or(is_named and (is_in_office or referent not like '% government'))

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
    and columns.question_id in (select naming.question_id from mention as naming where naming.is_named and naming.referent not like '% government')

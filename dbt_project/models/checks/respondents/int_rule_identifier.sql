-- A respondent keeps the identifier in every delivery of a file: where a record has all that another identifier had in the
-- released file, and nobody else had, the identifiers have moved against the answers.
with replaced as (
    select distinct sample_id
    from {{ ref('released_record') }}
),

record as (
    select
        respondent.sample_id,
        respondent.row,
        respondent.id_variable,
        respondent.agency_id,
        {{ joined_digest(text_digest("answer.variable || '=' || coalesce(answer.value, '<blank>')")) }} as answer_digest
    from {{ ref('answer') }} as answer
    inner join {{ ref('stg_respondent') }} as respondent
        on answer.sample_id = respondent.sample_id and answer.row = respondent.row and answer.variable <> respondent.id_variable
    inner join replaced on answer.sample_id = replaced.sample_id
    group by respondent.sample_id, respondent.row, respondent.id_variable, respondent.agency_id
),

-- Who have something that nobody else has.
present as (
    select
        sample_id,
        answer_digest,
        min(row) as row,
        min(id_variable) as id_variable,
        min(agency_id) as agency_id
    from record
    group by sample_id, answer_digest
    having count(*) = 1
),

released as (
    select
        sample_id,
        answer_digest,
        min(agency_id) as agency_id
    from {{ ref('released_record') }}
    group by sample_id, answer_digest
    having count(*) = 1
),

moved as (
    select
        present.sample_id,
        present.row,
        present.id_variable,
        'row ' || present.row || ', now ' || present.agency_id || ', was ' || released.agency_id as record,
        row_number() over (partition by present.sample_id order by present.row) as move_number
    from present
    inner join released on present.sample_id = released.sample_id and present.answer_digest = released.answer_digest
    where present.agency_id <> released.agency_id
),

finding as (
    select
        'moved_identifiers' as rule,
        moved.sample_id,
        min(moved.id_variable) as variable,
        count(*) as n,
        {{ first_values('moved.row', 5) }} as first_rows,
        'records hold what the released file has under another identifier, so that respondent_id would mean other people: '
        || replace({{ joined_text('case when moved.move_number <= 5 then moved.record end', 'moved.row') }}, ';', '; ')
            as finding,
        'ask the agency which identifiers are right, and correct the file where these are wrong' as resolve_with
    from moved
    inner join {{ ref('int_eligible_sample') }} as eligible on moved.sample_id = eligible.sample_id
    group by moved.sample_id
)

{{ findings_from('finding', ['rule', 'sample_id', 'variable', 'n', 'first_rows', 'finding', 'resolve_with']) }}

-- Every record is the interview of another person.
with same_answers as (
    select
        *,
        min(row) over (partition by sample_id, pattern_digest) as first_row
    from {{ samples_of(ref('int_answer_pattern')) }}
    -- The first of n records gives the pattern, and n - 1 repeat it; any n records of the sample could be these.
    where n_same > 1 and (n_same - 1) * surprisal >= {{ beyond_chance('n_same * ln(n_records) - ln(2e0)') }}
),

same_pattern as (
    select
        sample_id,
        first_row,
        count(*) as n,
        'rows ' || {{ first_values('row', 5) }} || ' (' || {{ first_values('agency_id', 5) }} || ')' as records,
        row_number() over (partition by sample_id order by first_row) as pattern_number
    from same_answers
    group by sample_id, first_row
),

pair as (
    select
        sample_id,
        row,
        other_row,
        'rows ' || row || ' and ' || other_row || ' (' || agency_id || ', ' || other_agency_id || '): '
        || n_same || ' of ' || n_questions || ' answers, ' || cast(floor(100e0 * n_same / n_questions) as integer)
        || '%' as records,
        row_number() over (partition by sample_id order by row, other_row) as pair_number
    from {{ samples_of(ref('int_near_pair')) }}
),

near_answers as (
    select sample_id, row from pair
    union
    select sample_id, other_row from pair
),

battery as (
    select
        sample_id,
        codes,
        max(n_columns) as n_columns,
        {{ joined_text('variable', 'order_in_battery') }} as variables
    from {{ ref('int_battery') }}
    group by sample_id, codes
),

same_listed as (
    select sample_id, replace({{ joined_text('records', 'pattern_number') }}, ';', '; ') as records
    from same_pattern
    where pattern_number <= 5
    group by sample_id
),

near_listed as (
    select sample_id, replace({{ joined_text('records', 'pair_number') }}, ';', '; ') as records
    from pair
    where pair_number <= 5
    group by sample_id
),

similar_record as (
    select distinct record.sample_id, record.row
    from {{ samples_of(ref('int_similar_run')) }} as run
    inner join {{ samples_of(ref('int_answer_pattern')) }} as record
        on run.sample_id = record.sample_id and record.row between run.first_row and run.last_row
),

-- Consecutive rows are named by their first and last.
run_of_rows as (
    select
        rule,
        sample_id,
        min(row) as first_row,
        case when count(*) = 1 then cast(min(row) as string) else min(row) || ' to ' || max(row) end as records
    from (
        select rule, sample_id, row, row - row_number() over (partition by rule, sample_id order by row) as run
        from (
            select 'broken_record' as rule, sample_id, row from {{ samples_of(ref('int_broken_record')) }}
            union all
            select 'similar_neighbours', sample_id, row from similar_record
        ) as record
    ) as numbered
    group by rule, sample_id, run
),

rows_listed as (
    select
        rule,
        sample_id,
        replace({{ joined_text('records', 'first_row') }}, ';', ', ') as records
    from run_of_rows
    group by rule, sample_id
),

-- A line too many makes another number of records, and the file is looked at all the same.
otherwise_wrong as (
    select distinct sample_id
    from {{ ref('int_rule_file') }}
    where rule <> 'wrong_n'
),

compared as (
    select sample_id, max(likeness) as likeness, min(usual_likeness) as usual_likeness
    from {{ samples_of(ref('int_similar_run')) }}
    group by sample_id
),

finding as (
    select
        'duplicate_respondent' as rule,
        respondent.sample_id,
        respondent.id_variable as variable,
        coalesce(respondent.agency_id, '<blank>') as code,
        count(*) as n,
        {{ first_values('respondent.row', 5) }} as first_rows,
        case
            when respondent.agency_id is null then 'records without an identifier'
            else 'several records have this identifier'
        end as finding,
        'correct the file: keep one record for each respondent' as resolve_with
    from {{ samples_of(ref('stg_respondent')) }} as respondent
    inner join {{ samples_of(ref('int_eligible_record')) }} as eligible
        on respondent.sample_id = eligible.sample_id and respondent.row = eligible.row
    group by respondent.sample_id, respondent.id_variable, respondent.agency_id
    having count(*) > 1 or respondent.agency_id is null

    union all
    select
        'broken_record' as rule,
        broken.sample_id,
        null as variable,
        null as code,
        count(*) as n,
        {{ first_values('broken.row', 5) }} as first_rows,
        'records wrong throughout, ' || max(rows_listed.records) || case
            when bool_and(broken.is_header) then ': the header line once more'
            else ': in ' || min(broken.n_unknown) || ' or more of ' || max(broken.n_questions)
                || ' questions they hold what means nothing there, such as ' || min(broken.example)
        end as finding,
        'correct the file: '
        || case
            when bool_and(broken.is_header) then 'remove these lines'
            else 'put the cells of a shifted row back under their columns, remove a row of another file, '
                || 'or ask the agency for the file again'
        end as resolve_with
    from {{ samples_of(ref('int_broken_record')) }} as broken
    inner join rows_listed on broken.sample_id = rows_listed.sample_id and rows_listed.rule = 'broken_record'
    left join otherwise_wrong on broken.sample_id = otherwise_wrong.sample_id
    where otherwise_wrong.sample_id is null
    group by broken.sample_id

    union all
    select
        'unordered_respondents' as rule,
        respondent.sample_id,
        min(respondent.id_variable) as variable,
        null as code,
        count(*) as n,
        {{ first_values('respondent.row', 5) }} as first_rows,
        'the records do not stand in the order of their identifiers, in which respondents are numbered: row '
        || min(respondent.row) || ' is ' || {{ first_values(
            "case when respondent.row = respondent.first_row then respondent.respondent_id end", 1) }} as finding,
        'nothing, where only the order of the file is another: respondent_id is what it was; or ask the agency' as resolve_with
    from (
        select *, min(row) over (partition by sample_id) as first_row
        from {{ samples_of(ref('stg_respondent')) }}
        where number <> row
    ) as respondent
    inner join {{ ref('int_eligible_sample') }} as eligible on respondent.sample_id = eligible.sample_id
    group by respondent.sample_id

    union all
    select
        'identical_respondents' as rule,
        same_answers.sample_id,
        null as variable,
        null as code,
        count(*) as n,
        {{ first_values('same_answers.row', 5) }} as first_rows,
        'several records agree in all ' || max(same_answers.n_questions)
        || ' answers, which chance does not explain; the first with their identifiers: '
        || max(same_listed.records) as finding,
        'correct the file: keep one record for each respondent' as resolve_with
    from same_answers
    inner join {{ ref('int_eligible_sample') }} as eligible on same_answers.sample_id = eligible.sample_id
    inner join same_listed on same_answers.sample_id = same_listed.sample_id
    group by same_answers.sample_id

    union all
    select
        'near_identical_respondents' as rule,
        near_answers.sample_id,
        null as variable,
        null as code,
        count(*) as n,
        {{ first_values('near_answers.row', 5) }} as first_rows,
        'pairs of records agree in more answers than chance allows; the first with their identifiers: '
        || max(near_listed.records) as finding,
        'correct the file: keep one record for each respondent' as resolve_with
    from near_answers
    inner join {{ ref('int_eligible_sample') }} as eligible on near_answers.sample_id = eligible.sample_id
    inner join near_listed on near_answers.sample_id = near_listed.sample_id
    group by near_answers.sample_id

    union all
    select
        'similar_neighbours' as rule,
        record.sample_id,
        null as variable,
        null as code,
        count(*) as n,
        {{ first_values('record.row', 5) }} as first_rows,
        'records that follow one another agree in up to ' || cast(floor(100 * max(compared.likeness)) as integer)
        || '% of the answers, neighbours in this file usually in ' || cast(round(100 * max(compared.usual_likeness)) as integer)
        || '%: rows ' || max(rows_listed.records) as finding,
        'ask the agency how these interviews were made' as resolve_with
    from similar_record as record
    inner join {{ ref('int_eligible_sample') }} as eligible on record.sample_id = eligible.sample_id
    inner join compared on record.sample_id = compared.sample_id
    inner join rows_listed on record.sample_id = rows_listed.sample_id and rows_listed.rule = 'similar_neighbours'
    group by record.sample_id

    union all
    -- Beyond the expected number by Chernoff's bound on a Poisson count at one in a thousand, with one record to spare for the
    -- error of the expectation; and by one in a hundred records at least, since in a large sample the error of the model,
    -- which leaves out what three columns have in common, shows before any habit does.
    select
        'straight_lining' as rule,
        battery.sample_id,
        battery.variables as variable,
        null as code,
        straight.n,
        straight.first_rows,
        'records give one code to all ' || battery.n_columns || ' columns of the battery; about '
        || cast(ceil(straight.n_expected) as integer) || ' are expected' as finding,
        'ask the agency how these interviews were made' as resolve_with
    from {{ samples_of(ref('int_straight_line')) }} as straight
    inner join {{ ref('int_eligible_sample') }} as eligible on straight.sample_id = eligible.sample_id
    inner join battery on straight.sample_id = battery.sample_id and straight.codes = battery.codes
    inner join {{ ref('wave_file') }} as wave_file on straight.sample_id = wave_file.sample_id
    where
        straight.n * ln(straight.n / (straight.n_expected + 1)) - straight.n + straight.n_expected + 1 > ln(1000e0)
        and straight.n - straight.n_expected >= 0.01e0 * wave_file.n_rows
)

{{ findings_from('finding', ['rule', 'sample_id', 'variable', 'code', 'n', 'first_rows', 'finding', 'resolve_with']) }}

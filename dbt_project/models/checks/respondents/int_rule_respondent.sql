-- Every record is the interview of another person.
with same_answers as (
    select
        *,
        min(row) over (partition by sample_id, pattern_digest) as first_row
    from {{ ref('int_answer_pattern') }}
    -- The first of n records gives the pattern, and n - 1 repeat it; any n records of the sample could be these.
    where n_same > 1 and (n_same - 1) * surprisal >= {{ beyond_chance('n_same * ln(n_records) - ln(2.0)') }}
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
        || n_same || ' of ' || n_questions || ' answers, ' || cast(floor(100.0 * n_same / n_questions) as integer)
        || '%' as records,
        row_number() over (partition by sample_id order by row, other_row) as pair_number
    from {{ ref('int_near_pair') }}
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
    from {{ ref('stg_respondent') }} as respondent
    inner join {{ ref('int_eligible_sample') }} as eligible on respondent.sample_id = eligible.sample_id
    group by respondent.sample_id, respondent.id_variable, respondent.agency_id
    having count(*) > 1 or respondent.agency_id is null

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
    from {{ ref('int_straight_line') }} as straight
    inner join {{ ref('int_eligible_sample') }} as eligible on straight.sample_id = eligible.sample_id
    inner join battery on straight.sample_id = battery.sample_id and straight.codes = battery.codes
    inner join {{ ref('wave_file') }} as wave_file on straight.sample_id = wave_file.sample_id
    where
        straight.n * ln(straight.n / (straight.n_expected + 1)) - straight.n + straight.n_expected + 1 > ln(1000.0)
        and straight.n - straight.n_expected >= 0.01 * wave_file.n_rows
)

{{ findings_from('finding', ['rule', 'sample_id', 'variable', 'code', 'n', 'first_rows', 'finding', 'resolve_with']) }}

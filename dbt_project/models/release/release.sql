-- A build with the content of the last release is that release, and adds no row. A clock that was set back does not
-- put a release before an earlier one.
with counted as (
    select causes, cast(sum(n) as bigint) as n
    from {{ ref('release_change') }}
    group by causes
),

change as (
    select cast(sum(n) as bigint) as n, string_agg(causes || ': ' || n, ', ' order by n desc, causes) as causes
    from counted
),

this_build as (
    select
        left(content.content_hash, 12) as release_id,
        greatest(
            build_info.built_at,
            (select max(built_at) + interval 1 microsecond from {{ ref('previous_release') }})
        ) as built_at,
        content.content_hash,
        (select md5(string_agg(sha256, ',' order by sample_id)) from {{ ref('dim_sample') }}) as raw_files_hash,
        (select count(*) from {{ ref('dim_sample') }}) as n_samples,
        (select count(*) from {{ ref('dim_respondent') }}) as n_respondents,
        (select count(*) from {{ ref('answer') }}) as n_answers,
        content.n_tables,
        build_info.git_commit,
        (select bool_or(synthetic) from {{ ref('dim_sample') }}) as synthetic,
        gate.n_waived,
        gate.n_warnings,
        build_info.code_hash,
        build_info.engine,
        case when (select count(*) from {{ ref('previous_release') }}) > 0 then coalesce(change.n, 0) end as n_changes,
        change.causes
    from {{ ref('int_content') }} as content
    cross join {{ ref('build_info') }} as build_info
    cross join {{ ref('gate') }} as gate
    cross join change
)

select
    release_id, built_at, content_hash, raw_files_hash, n_samples, n_respondents, n_answers, n_tables, git_commit,
    synthetic, n_waived, n_warnings, code_hash, engine, n_changes, causes
from {{ ref('previous_release') }}
union all
select
    release_id, built_at, content_hash, raw_files_hash, n_samples, n_respondents, n_answers, n_tables, git_commit,
    synthetic, n_waived, n_warnings, code_hash, engine, n_changes, causes
from this_build
where content_hash not in (
        select content_hash from {{ ref('previous_release') }} order by built_at desc limit 1
    )
order by built_at

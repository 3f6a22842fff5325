-- A build with the content of the last release is that release, and adds no row.
with content as (
    select
        md5(string_agg(table_name || ':' || digest, ',' order by table_name)) as content_hash,
        count(*) as n_tables
    from {{ ref('int_public_table') }}
),

this_build as (
    select
        left(content.content_hash, 12) as release_id,
        build_info.built_at,
        content.content_hash,
        (select md5(string_agg(sha256, ',' order by sample_id)) from {{ ref('dim_sample') }}) as raw_files_hash,
        (select count(*) from {{ ref('dim_sample') }}) as n_samples,
        (select count(*) from {{ ref('dim_respondent') }}) as n_respondents,
        (select count(*) from {{ ref('answer') }}) as n_answers,
        content.n_tables,
        build_info.git_commit,
        (select bool_or(synthetic) from {{ ref('dim_sample') }}) as synthetic,
        gate.n_waived,
        gate.n_warnings
    from content
    cross join {{ ref('build_info') }} as build_info
    cross join {{ ref('gate') }} as gate
)

select
    release_id, built_at, content_hash, raw_files_hash, n_samples, n_respondents, n_answers, n_tables, git_commit,
    synthetic, n_waived, n_warnings
from {{ ref('previous_release') }}
union all
select
    release_id, built_at, content_hash, raw_files_hash, n_samples, n_respondents, n_answers, n_tables, git_commit,
    synthetic, n_waived, n_warnings
from this_build
where content_hash not in (
    select content_hash from {{ ref('previous_release') }} order by built_at desc limit 1
)
order by built_at

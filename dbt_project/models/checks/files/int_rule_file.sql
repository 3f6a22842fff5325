with finding as (
    select
        rule,
        file,
        sample_id,
        variable,
        row as first_rows,
        what as finding,
        fix as resolve_with
    from {{ ref('file_problem') }}
)

{{ findings_from('finding', ['rule', 'file', 'sample_id', 'variable', 'first_rows', 'finding', 'resolve_with']) }}

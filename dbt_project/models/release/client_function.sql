-- A table macro can be made when every table that it looks into is there: int_content has read them all.
select
    functions.function_name as name,
    array_to_string(functions.parameters, ', ') as parameters
from {{ ref('int_content') }}
cross join duckdb_functions() as functions
where
    functions.database_name = current_database()
    and functions.schema_name = 'main'
    and functions.function_type = 'table_macro'
    and not functions.internal

-- The kept files are in the order of the wave files, and so are the rows that an engine reads of them one after the other.
select sample_id, "row", variable, column_position, value
from {{ landed_files('answer') }} as landed
where landed.file_name in (select answer_file from {{ ref('landed_file') }})

select landed.sample_id, landed.row, landed.variable, landed.column_position, landed.value
from {{ samples_of(landed_files('answer')) }} as landed
inner join {{ ref('landed_file') }} as landed_file on landed.file_name = landed_file.answer_file

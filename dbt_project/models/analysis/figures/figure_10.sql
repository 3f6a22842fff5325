select * from {{ ref('figure_point') }} where figure = 10

"""Land the raw wave files as verbatim text.

`land` reads the files that the `samples` seed names, keeps each as three long Parquet files
(answers, variables, value labels) and gives what is wrong as problems, each with the name of its
rule. `wave_file_table`, `file_problem_table`, `landed_file_table` and `landed_relation` are what the
dbt models `wave_file`, `file_problem`, `landed_file`, `variable` and `value_label` call. No other code
reads a raw wave file.
"""

from kjpoll.landing.land import Landed, land
from kjpoll.landing.landing_sample import Sample, WaveFile
from kjpoll.landing.problems import LandingError, Problem
from kjpoll.landing.relations import (
    file_problem_table,
    landed_file_table,
    landed_relation,
    wave_file_table,
)

__all__ = [
    "Landed",
    "LandingError",
    "Problem",
    "Sample",
    "WaveFile",
    "file_problem_table",
    "land",
    "landed_file_table",
    "landed_relation",
    "wave_file_table",
]

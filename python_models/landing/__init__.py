"""Land the raw wave files as verbatim text.

`land` reads every file that the `samples` seed names and keeps each as three long Parquet
files (answers, variables, value labels). `wave_file_table` and `landed_relation` are what the
dbt models `wave_file`, `answer`, `variable` and `value_label` call. No other code reads a raw
wave file. Every fault in a file is a line of one `LandingError`.
"""

from python_models.landing.land import land
from python_models.landing.problems import LandingError, Problem
from python_models.landing.relations import landed_relation, wave_file_table
from python_models.landing.sample import Sample, WaveFile

__all__ = [
    "LandingError",
    "Problem",
    "Sample",
    "WaveFile",
    "land",
    "landed_relation",
    "wave_file_table",
]

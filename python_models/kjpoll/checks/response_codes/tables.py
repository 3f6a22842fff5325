"""What the audit reads: the seeds, and the counts of what stands in the files."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class AuditTables:
    """Each field is a table of the warehouse, as a frame; none of them grows with the respondents."""

    samples: pd.DataFrame  # seeds.samples
    stg_column: pd.DataFrame  # seeds.variables with each question's category set
    code_lists: pd.DataFrame  # seeds.code_lists
    categories: pd.DataFrame  # seeds.categories
    missing_bands: pd.DataFrame  # seeds.missing_bands
    variable: pd.DataFrame  # raw.variable: the columns of the files
    value_label: pd.DataFrame  # raw.value_label: the labels in the files
    wave_file: pd.DataFrame  # raw.wave_file: the files that could be landed
    file_problem: pd.DataFrame  # raw.file_problem: what was wrong with the others
    int_eligible_sample: pd.DataFrame  # the samples of which more than the file is checked
    int_identifier_count: pd.DataFrame
    int_code_frequency: pd.DataFrame
    int_missing_share: pd.DataFrame

"""What dbt loads by its name before it reads a project: a seed that a spreadsheet damaged stops it in a sentence.

dbt decodes all seeds before it opens a connection, and names none that it cannot decode; the others it would load under
column names that nobody declared.
"""

from __future__ import annotations

from pathlib import Path

from dbt.flags import get_flags
from dbt.plugins.manager import dbtPlugin
from kjpoll.common.seed_file import check_seeds


class SeedCheck(dbtPlugin):
    """Refuses the seeds of a project of kjpoll that review and add-wave refuse."""

    def initialize(self) -> None:
        """Raises SeedError, which dbt shows as its message; of other projects nothing is looked at."""
        if self.project_name == "kjpoll":
            check_seeds(Path(get_flags().PROJECT_DIR).parent)


plugins = [SeedCheck]

"""A raw directory, a landing directory and what the tests of landing do with them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from kjpoll.landing import Problem, WaveFile, file_problem_table, land
from kjpoll.landing.store import landed_path


def sample_row(file: str, **changes: Any) -> dict[str, Any]:
    """A row of the samples seed for `file`; the sample_id is its stem."""
    row = {
        "sample_id": Path(file).stem,
        "wave": 2023,
        "file": file,
        "format": Path(file).suffix[1:],
        "encoding": "utf-8" if file.endswith(".csv") else None,
        "delimiter": None,
        "sheet": "data" if file.endswith(".xlsx") else None,
        "label_sheet": None,
        "header_row": 1,
        "id_variable": "ID",
        "n_expected": 2,
    }
    return row | changes


@dataclass
class LandingFiles:
    """Files are put in `raw` and landed in `landing`."""

    raw: Path
    landing: Path

    def put(self, file: str, content: bytes) -> Path:
        path = self.raw / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def land(self, *rows: dict[str, Any]) -> list[WaveFile]:
        """The wave files of rows in which nothing is wrong."""
        landed = land(rows, self.raw, self.landing)
        assert landed.problems == []
        return landed.wave_files

    def problems(self, *rows: dict[str, Any]) -> list[Problem]:
        """The problems of landing these rows, as they are kept for the warehouse too."""
        problems = land(rows, self.raw, self.landing).problems
        kept = file_problem_table(str(self.landing)).to_pylist()
        assert kept == [asdict(problem) for problem in problems]
        return problems

    def faults(self, *rows: dict[str, Any]) -> list[str]:
        """The same problems as text."""
        return [str(problem) for problem in self.problems(*rows)]

    def fault(self, *rows: dict[str, Any]) -> str:
        lines = self.faults(*rows)
        assert len(lines) == 1, lines
        return lines[0]

    def path(self, wave_file: WaveFile, kind: str) -> Path:
        return landed_path(self.landing, wave_file, wave_file.sha256, kind)

    def rows(self, wave_file: WaveFile, kind: str) -> list[dict[str, Any]]:
        return pq.read_table(self.path(wave_file, kind)).to_pylist()

    def cells(self, wave_file: WaveFile) -> list[list[str | None]]:
        """The landed cells, a list per data row, in the order in which they are landed."""
        answers = self.rows(wave_file, "answer")
        places = [(answer["row"], answer["column_position"]) for answer in answers]
        n_rows, n_columns = wave_file.n_rows, wave_file.n_columns
        assert places == [(r, c) for r in range(1, n_rows + 1) for c in range(1, n_columns + 1)]
        assert {answer["sample_id"] for answer in answers} == {wave_file.sample_id}
        values = [answer["value"] for answer in answers]
        return [values[i : i + n_columns] for i in range(0, len(values), n_columns)]

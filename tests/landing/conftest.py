"""An empty raw directory and a landing directory."""

from pathlib import Path

import pytest
from landing_desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "raw").mkdir()
    return Desk(tmp_path / "raw", tmp_path / "build" / "landing")

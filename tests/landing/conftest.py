"""An empty raw directory and a landing directory."""

from pathlib import Path

import pytest
from landing_files import LandingFiles


@pytest.fixture
def files(tmp_path: Path) -> LandingFiles:
    (tmp_path / "raw").mkdir()
    return LandingFiles(tmp_path / "raw", tmp_path / "build" / "landing")

import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from small_warehouse import Warehouse


@pytest.fixture
def warehouse(tmp_path):
    return Warehouse(tmp_path / "warehouse.duckdb")


@pytest.fixture
def golden():
    """Compare a text with a file of golden/; RENEW_GOLDEN=1 writes the file instead, to be read before a commit."""

    def compare(name: str, content: str) -> None:
        path = HERE / "golden" / name
        if os.environ.get("RENEW_GOLDEN"):
            path.write_text(content, encoding="utf-8")
        assert content == path.read_text(encoding="utf-8")

    return compare

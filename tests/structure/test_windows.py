"""Without the modules that only Unix has, a user reads one sentence and no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
SENTENCE = (
    "kjpoll needs Linux or macOS. On Windows, run it in WSL or in the project's devcontainer: "
    'see "Windows" in README.md'
)


@pytest.fixture
def output_without(tmp_path):
    """(module, *command) -> what the command prints where importing the module fails, as it does on Windows."""

    def output(module: str, *command: str | Path) -> str:
        # Python imports it by itself when it starts.
        (tmp_path / "sitecustomize.py").write_text(
            f"import sys\nsys.modules[{module!r}] = None\n", encoding="utf-8"
        )
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{CHECKOUT / 'python_models'}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode != 0
        return done.stdout

    return output


@pytest.mark.parametrize("module", ["fcntl", "resource"])
def test_the_command_says_what_it_needs(output_without, module):
    assert output_without(module, sys.executable, "-m", "kjpoll", "tables") == f"Error: {SENTENCE}\n"


@pytest.mark.slow
def test_dbt_says_what_it_needs(output_without, tmp_path):
    (tmp_path / "dbt_project.yml").write_text("name: empty\nprofile: kjpoll\n", encoding="utf-8")
    dbt = Path(sys.executable).with_name("dbt")
    output = output_without("fcntl", dbt, "show", "--inline", "select 1", "--profiles-dir", CHECKOUT)
    assert SENTENCE in output
    assert "Traceback" not in output


def test_the_readme_has_the_section_that_the_sentence_names():
    assert "\n## Windows\n" in (CHECKOUT / "README.md").read_text(encoding="utf-8")

"""A made-up wave goes the way of docs/add-a-wave.md: its commands print what it says, then it builds."""

import re
import shlex

import pytest
from click.testing import CliRunner
from kjpoll.cli import main

from tests.support.next_wave import write_next_wave
from tests.support.partial_rehearsal import rehearse_copy
from tests.support.project import CHECKOUT

PAGE = CHECKOUT / "docs" / "add-a-wave.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.*)\n(?:(?!\$ ).*\n)*", re.MULTILINE)


def printed(command: str, rehearse) -> str:
    """What a command of the page prints; a build is rehearsed."""
    if command == "make build":
        gate = rehearse()
        return f"{gate}\n" if gate else ""
    result = CliRunner().invoke(main, shlex.split(command)[1:])
    assert result.exit_code == 0, result.output
    return result.output


def shown(text: str) -> str:
    """As it stands on a page: no spaces at the ends of lines, and of many like findings the first."""
    lines = [line.rstrip() for line in text.splitlines()]
    if lines and "stop the build" in lines[0]:
        lines = [*lines[:3], f"... and {int(lines[0].split()[0]) - 1} more"]
    return "".join(f"{line}\n" for line in lines).strip("\n") + "\n"


@pytest.fixture
def project_copy(rehearsed_copy, monkeypatch):
    """A project with the delivered file beside it, as the folder in which the commands run."""
    (rehearsed_copy.root / "delivery").mkdir()
    write_next_wave(CHECKOUT / "data/raw/2023/KOR.sav", rehearsed_copy.root / "delivery" / "korea_2024.xlsx")
    monkeypatch.chdir(rehearsed_copy.root)
    monkeypatch.delenv("KJPOLL_RAW_DIR", raising=False)
    return rehearsed_copy


def test_the_way_of_the_page(project_copy, rehearsal, built, tmp_path):
    def gate() -> str:
        outcome = rehearse_copy(rehearsal, built, project_copy)
        outcome.close()
        return str(outcome.gate or "")

    def run(command: re.Match) -> str:
        return f"$ {command[1]}\n{shown(printed(command[1], gate))}"

    page = PAGE.read_text(encoding="utf-8")
    assert len(COMMAND.findall(page)) > 8
    true_page = BLOCK.sub(lambda block: f"```console\n{COMMAND.sub(run, block[1])}```", page)
    (tmp_path / PAGE.name).write_text(true_page, encoding="utf-8")
    assert page == true_page, f"what the commands print now stands in {tmp_path / PAGE.name}"
    # The page ends where a build passes the gate, with the new wave in it.
    assert gate() == ""

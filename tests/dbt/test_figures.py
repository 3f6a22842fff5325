"""The dbt files of the figures follow from seeds/analysis/figures.csv."""

import shutil

import pytest
import yaml
from click.testing import CliRunner
from kjpoll.build.figure_models import FOLDER, MACRO, SEED, stale_files
from kjpoll.cli import main

from tests.support.project import CHECKOUT


@pytest.fixture
def project(tmp_path):
    for path in (FOLDER, SEED.parent, MACRO.parent):
        shutil.copytree(CHECKOUT / path, tmp_path / path)
    (tmp_path / "dbt_project/dbt_project.yml").touch()
    return tmp_path


def run(project, *arguments: str):
    return CliRunner().invoke(main, ["figures", "--project", str(project), *arguments])


def test_every_figure_has_its_files():
    assert stale_files(CHECKOUT) == {}


def test_a_figure_more_is_a_row_and_the_command(project):
    with (project / SEED).open("a", encoding="utf-8") as stream:
        stream.write("17,Seventeenth,sex,category,2013,2023,\n")
    result = run(project)
    assert result.exit_code == 1 and f"{FOLDER}/figure_17.sql" in result.output
    assert str(FOLDER / "figures.yml") in result.output and str(MACRO) in result.output
    assert "figure_16.sql" not in result.output
    assert run(project, "--write").exit_code == 0
    assert (project / FOLDER / "figure_17.sql").read_text() == (
        "select * from {{ ref('figure_point') }} where figure = 17\n"
    )
    assert run(project).output == "every file is up to date\n"


def test_a_file_that_was_edited_or_lost_its_row_is_stale(project):
    (project / FOLDER / "figure_01.sql").write_text("select 1\n")
    lines = (project / SEED).read_text(encoding="utf-8").splitlines()
    (project / SEED).write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    stale = stale_files(project)
    assert {FOLDER / "figure_01.sql", FOLDER / "figure_16.sql"} <= stale.keys()
    assert stale[FOLDER / "figure_16.sql"] is None and "(no row)" in run(project).output
    run(project, "--write")
    assert not (project / FOLDER / "figure_16.sql").exists() and stale_files(project) == {}


def test_a_survey_without_figures_has_no_files_but_those_that_say_so(project):
    header = (project / SEED).read_text(encoding="utf-8").splitlines()[0]
    (project / SEED).write_text(f"{header}\n", encoding="utf-8")
    assert run(project, "--write").exit_code == 0
    assert not list((project / FOLDER).glob("figure_[0-9]*.sql")) and stale_files(project) == {}
    properties = yaml.safe_load((project / FOLDER / "figures.yml").read_text(encoding="utf-8"))
    assert properties == {"models": [], "exposures": []}
    assert "return([])" in (project / MACRO).read_text(encoding="utf-8")


def test_a_seed_that_cannot_be_read_is_named(project):
    with (project / SEED).open("a", encoding="utf-8") as stream:
        stream.write("17,Seventeenth\n")
    result = run(project)
    assert result.exit_code == 1 and "figures.csv has 2 cells, the header" in result.output

"""The wheel holds the package and the dbt project, and an installed kjpoll says what it needs. Some 5 s."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import kjpoll
import pytest
from click.testing import CliRunner
from kjpoll.cli import main
from kjpoll.release.provenance import code_hash

from tests.support.project import CHECKOUT

SOURCES = ("dbt_project", "python_models")
OTHERS = ("pyproject.toml", "profiles.yml", "README.md", "LICENSE", ".gitignore")
MADE = shutil.ignore_patterns("__pycache__", "target", "logs", "dbt_packages")
LEFT_BY_A_RUN = (
    "dbt_project/target/manifest.json",
    "dbt_project/logs/dbt.log",
    "python_models/dbt_models/raw/__pycache__/variable.cpython-311.pyc",
    "python_models/kjpoll/__pycache__/__init__.cpython-311.pyc",
)


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """A copy of what the wheel is built from."""
    folder = tmp_path_factory.mktemp("sources")
    for name in SOURCES:
        shutil.copytree(CHECKOUT / name, folder / name, ignore=MADE)
    for name in OTHERS:
        shutil.copy(CHECKOUT / name, folder)
    return folder


@pytest.fixture(scope="module")
def installed(sources, tmp_path_factory):
    """A folder into which the wheel is unpacked; it is built where dbt and Python have run."""
    folder = tmp_path_factory.mktemp("wheel")
    before = files_in(sources)
    for name in LEFT_BY_A_RUN:
        (sources / name).parent.mkdir(parents=True, exist_ok=True)
        (sources / name).write_text("left by a run")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--wheel-dir", folder]
    subprocess.run([sys.executable, "-m", "pip", "wheel", sources, *options], check=True)
    for name in LEFT_BY_A_RUN:
        (sources / name).unlink()
    assert files_in(sources) == before
    (wheel,) = folder.glob("kjpoll-*.whl")
    with ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, folder: Path, *arguments: object) -> subprocess.CompletedProcess:
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_wheel_holds_the_package_and_the_project_and_nothing_that_a_run_left(sources, installed):
    files = files_in(sources)
    expected = {
        name.removeprefix("python_models/")
        if name.startswith(("python_models/kjpoll/", "python_models/dbt_kjpoll/"))
        else f"kjpoll/project/{name}": content
        for name, content in files.items()
        if name.startswith(("dbt_project/", "python_models/")) or name == "profiles.yml"
    }
    found = {name: text for name, text in files_in(installed).items() if ".dist-info/" not in name}
    assert found.keys() == expected.keys() and found == expected
    assert {
        "kjpoll/py.typed",
        "kjpoll/project/profiles.yml",
        "kjpoll/project/dbt_project/dbt_project.yml",
    } <= set(found)


def test_the_version_is_the_same_everywhere(installed, tmp_path):
    assert CliRunner().invoke(main, ["--version"]).output == f"kjpoll, version {kjpoll.__version__}\n"
    assert (
        run(installed, tmp_path, "-m", "kjpoll", "--version").stdout
        == f"kjpoll, version {kjpoll.__version__}\n"
    )
    assert (installed / f"kjpoll-{kjpoll.__version__}.dist-info").is_dir()


def test_an_installed_kjpoll_outside_a_project_says_how_to_get_one(installed, tmp_path):
    done = run(installed, tmp_path, "-m", "kjpoll", "figures")
    assert done.returncode == 2
    words = " ".join(done.stderr.split())
    assert f"{tmp_path} is no project of kjpoll" in words
    place = installed / "kjpoll" / "project"
    assert (
        words.index("or name it with --project") < words.index("kjpoll init FOLDER") < words.index(str(place))
    )
    assert "the raw wave files go into its data/raw" in words


def test_init_makes_the_project_that_the_checkout_has(sources, installed, tmp_path):
    done = run(installed, tmp_path, "-m", "kjpoll", "init", "poll")
    assert done.returncode == 0, done.stderr
    assert "put each wave file into data/raw" in done.stdout
    wanted = {
        name: content
        for name, content in files_in(sources).items()
        if name.startswith(("dbt_project/", "python_models/dbt_models/")) or name == "profiles.yml"
    }
    assert files_in(tmp_path / "poll") == wanted
    assert list((tmp_path / "poll" / "data" / "raw").iterdir()) == []
    print_hash = "import sys; from kjpoll.release.provenance import code_hash; print(code_hash(sys.argv[1]))"
    hashed = run(installed, tmp_path, "-c", print_hash, tmp_path / "poll")
    assert hashed.stdout.strip() == code_hash(CHECKOUT), hashed.stderr
    again = run(installed, tmp_path, "-m", "kjpoll", "init", "poll")
    assert again.returncode == 1 and "poll is not empty; name a new folder" in again.stderr


def test_a_checkout_is_a_project_and_makes_no_other(tmp_path):
    made = CliRunner().invoke(main, ["init", str(tmp_path / "poll")])
    assert made.exit_code == 1 and f"runs from the project in {CHECKOUT}" in made.output
    assert not (tmp_path / "poll").exists()


NEED_A_PROJECT = sorted(
    name for name, verb in main.commands.items() if any(option.name == "project" for option in verb.params)
)


@pytest.mark.parametrize("verb", NEED_A_PROJECT)
def test_every_verb_that_needs_a_project_says_that_a_folder_is_none(verb, tmp_path):
    (tmp_path / "a_file").write_text("")
    needed = [str(tmp_path / "a_file"), "--wave", "2024", "--country", "KOR"] if verb == "add-wave" else []
    done = CliRunner().invoke(main, [verb, *needed, "--project", str(tmp_path)])
    assert done.exit_code == 2, done.output
    assert f"{tmp_path} is no project of kjpoll" in done.output and str(CHECKOUT) in done.output
    assert list(tmp_path.iterdir()) == [tmp_path / "a_file"]


def test_there_are_verbs_that_need_a_project():
    assert {"add-wave", "ingest", "review", "synthesize"} <= set(NEED_A_PROJECT)

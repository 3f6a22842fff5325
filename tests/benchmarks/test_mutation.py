"""A few random corruptions are caught by the rule that names them, and the verdicts of the mutation program hold."""

import random
from dataclasses import replace

import pytest
from kjpoll.release.signed.signed_files import write_signed

from benchmarks.mutation import KINDS
from benchmarks.mutation.case import Case, Kind, cell
from benchmarks.mutation.trial import HARMFUL, HARMLESS, RIGHT, UNSIGNED, Ground, damage
from tests.support.partial_rehearsal import PartialRehearsal, changes
from tests.support.project import Project

pytestmark = pytest.mark.long

SEED = 2023
TOGETHER = (
    "unknown code in a cell",
    "age or birth year out of range",
    "answered though skipped",
    "missing answer beside a choice",
    "column renamed",
    "column dropped",
    "label contradicts the code list",
    "identifier duplicated",
    "respondents copied under new identifiers",
    "records dropped",
    "text file cut",
    "binary file cut",
)


@pytest.fixture(scope="module")
def origin(built, tmp_path_factory) -> Project:
    return Project.copied(tmp_path_factory.mktemp("origin") / "project", kept=built)


@pytest.fixture(scope="module")
def ground(rehearsal, sound, origin, tmp_path_factory) -> Ground:
    copy = Project.copied(tmp_path_factory.mktemp("ground") / "project", kept=origin)
    return Ground(PartialRehearsal(rehearsal, sound), origin, copy)


def saved_again(case: Case) -> str:
    with case.wave("KOR-2023") as wave:
        wave.header = list(wave.header)
    return ""


def unsigned_rules(case: Case) -> str:
    """Nothing is signed, and a rule only warns."""
    write_signed(case.project.signed, {})
    case.project.change("quality/rules", {"rule": "nothing_chosen"}, severity="warn")
    return ""


def one_skipped(case: Case) -> str:
    """Somebody who was asked is said to have been skipped, in a question of which nothing was printed."""
    columns = case.of_question("JPN-2021", "trilateral_reasons_for")
    with case.wave("JPN-2021") as wave:
        chosen = next(
            row
            for row in wave.rows
            if any(case.codes(c).get(row[wave.at(c["variable"])]) == "chosen" for c in columns)
        )
        for column in columns:
            chosen[wave.at(column["variable"])] = cell(case.codes_of_type(column, "skipped")[0])
    return ""


def test_corruptions_are_caught_and_found_alike_by_a_whole_rehearsal(ground):
    ground.restore()
    chance = random.Random(SEED)
    free = sorted(row["sample_id"] for row in ground.origin.seed("survey/samples"))
    placed = {}
    for name in TOGETHER:
        damage(KINDS[name], ground.project, chance, free)
        samples, _ = changes(ground.origin, ground.project)
        (placed[name],) = samples - set(placed.values())
        free.remove(placed[name])
    samples, seeds = changes(ground.origin, ground.project)
    assert seeds == set() and len(samples) == len(TOGETHER)
    part = ground.partial.run(ground.project.root, samples, seeds, ("violation",))
    rules = part.rules()
    missed = {
        name: rules.get(sample)
        for name, sample in placed.items()
        if not rules.get(sample, set()) & set(KINDS[name].expects)
    }
    found = part.query("select * from quality.violation")
    part.close()
    assert missed == {}
    whole = ground.partial.rehearsal.run(ground.project.root, ("violation",))
    assert found.equals(whole.query("select * from quality.violation"))
    whole.close()


def test_a_file_that_is_only_saved_again_is_harmless(ground):
    verdict = ground.trial(1, SEED, Kind("saved again", (), saved_again))
    assert (verdict.outcome, verdict.stage, verdict.rules, verdict.lost) == (HARMLESS, "release", (), 0)


def test_a_rule_that_is_switched_off_misses_and_the_loss_is_seen(ground):
    kind = Kind("one skipped", ("skipped_though_asked",), one_skipped)
    assert ground.trial(1, SEED, kind).outcome == RIGHT
    rehearsal = ground.partial.rehearsal
    (name,) = (key for key, node in rehearsal.nodes.items() if node["name"] == "int_rule_status")
    node = rehearsal.nodes[name]
    silent = {**node, "compiled_code": f"select * from ({node['compiled_code']}) as found where false"}
    blind = replace(rehearsal, nodes={**rehearsal.nodes, name: silent})
    verdict = Ground(PartialRehearsal(blind, ground.partial.sound), ground.origin, ground.project).trial(
        1, SEED, kind
    )
    assert (verdict.outcome, verdict.stage, verdict.rules) == (UNSIGNED, "release", ())
    assert verdict.lost >= 1 and verdict.unsigned > 1


def test_what_switches_a_check_off_is_not_harmless(ground):
    verdict = ground.trial(1, SEED, Kind("unsigned rules", (), unsigned_rules, disarms=True))
    assert (verdict.outcome, verdict.stage, verdict.unsigned) == (HARMFUL, "open", 0)


def test_a_corruption_can_be_repeated(ground):
    seen = []
    for _ in range(2):
        ground.restore()
        what = damage(KINDS["answered though skipped"], ground.project, random.Random(SEED))
        (sample_id,), _ = changes(ground.origin, ground.project)
        seen.append((what, Case(ground.project, random.Random()).path(sample_id).read_bytes()))
    assert seen[0] == seen[1]

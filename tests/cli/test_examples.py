"""Every verb's help has examples, and the verb takes each of them."""

import re
import shlex

import click
import pytest
from click.testing import CliRunner
from kjpoll.cli import main


def examples(verb: str) -> list[list[str]]:
    """The lines below "Examples:" in the help, as a shell splits them."""
    shown = CliRunner().invoke(main, [verb, "--help"], terminal_width=200).output
    _, found, rest = shown.partition("  Examples:\n")
    lines = re.match(r"(?:    \S.*\n)*", rest)
    return [shlex.split(line) for line in lines[0].splitlines()] if found and lines else []


def faults(group: click.Group, words: list[str]) -> list[str]:
    """Why the command would not take the words; files and projects are not looked for."""
    program, name, *arguments = words
    command = group.commands.get(name)
    if program != "kjpoll" or command is None:
        return [f"{program} {name}: no such command"]
    context = click.Context(command, info_name=name)
    try:
        values, left, _ = command.make_parser(context).parse_args(list(arguments))
        found = [f"left over: {left}"] if left else []
        for parameter in command.params:
            value = values.get(parameter.name)
            if parameter.required and value in (None, ()):
                found.append(f"{parameter.name} is missing")
            elif isinstance(value, str) and not isinstance(parameter.type, click.Path):
                parameter.type.convert(value, parameter, context)
    except click.UsageError as error:
        return [error.format_message()]
    return found


@pytest.mark.parametrize("verb", main.commands)
def test_a_verb_takes_the_examples_of_its_help(verb):
    shown = examples(verb)
    assert shown
    for words in shown:
        assert words[1] == verb and faults(main, words) == [], words


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("kjpoll reveiw", "no such command"),
        ("kjpoll review --acept sex", "No such option"),
        ("kjpoll review sex", "left over"),
        ("kjpoll releases --format xml", "is not one of"),
        ("kjpoll add-wave a.csv --country KOR", "wave is missing"),
        ("kjpoll status --wave last", "is not a valid integer"),
    ],
)
def test_a_wrong_example_is_found(line, fault):
    assert fault in " ".join(faults(main, shlex.split(line)))

"""The commands, measures and links that operators read about exist."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from app.config import PROJECT_ROOT

PAGES = ("README.md", "docs/exploitation.md")
FENCED = re.compile(r"^ *```\w*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)
MESSAGES = ("app/factory.py", "app/observability.py")
ARGUMENT = re.compile(r"[^a-z-]")  # a file, a NAME to replace: no command is written so


def read(path: str) -> str:
    return (PROJECT_ROOT / path).read_text(encoding="utf-8")


def commands(page: str, program: str) -> list[list[str]]:
    """Returns the words that follow a program, wherever a page writes code."""
    return [
        line[line.index(word) + 1 :]
        for line in code_lines(read(page))
        for word in line
        if word.rpartition("/")[2] == program
    ]


def code_lines(text: str) -> Iterator[list[str]]:
    blocks = [line for block in FENCED.findall(text) for line in block.splitlines()]
    for line in (*blocks, *INLINE.findall(FENCED.sub("", text))):
        try:
            yield shlex.split(line, comments=True)
        except ValueError:  # a quotation that goes on over several lines
            continue


def is_known(command: click.Command, words: list[str]) -> bool:
    while words and isinstance(command, click.Group):
        name, *words = words
        if name not in command.commands:
            return bool(ARGUMENT.search(name))
        command = command.commands[name]
    options = {option for param in command.params for option in param.opts}
    return {w.strip("[]") for w in words if w.strip("[]").startswith("-")} <= options


@pytest.mark.parametrize("page", PAGES)
def test_flask_commands_exist(catalogue_app: Flask, page: str) -> None:
    found = commands(page, "flask")

    assert found
    assert [words for words in found if not is_known(catalogue_app.cli, words)] == []


@pytest.mark.parametrize("words", [["index", "nothing"], ["index", "check", "--fix"], ["nothing"]])
def test_a_command_that_does_not_exist_is_seen(catalogue_app: Flask, words: list[str]) -> None:
    assert not is_known(catalogue_app.cli, words)


@pytest.mark.parametrize("page", PAGES)
def test_make_targets_exist(page: str) -> None:
    targets = set(TARGET.findall(read("Makefile")))

    asked = {words[0] for words in commands(page, "make") if words}
    assert asked
    assert asked <= targets


def test_measures_exist() -> None:
    source = "".join(map(read, MESSAGES))
    named = set(re.findall(r"`(eventail_\w+)`", read("docs/exploitation.md")))

    assert {"eventail_outbox_age_seconds", "eventail_engine_seconds"} <= named
    assert [n for n in named if f'"{n.removesuffix("_total")}"' not in source] == []


def test_messages_of_readiness_are_explained() -> None:
    source, page = "".join(map(read, MESSAGES)), read("docs/exploitation.md")
    told = re.findall(r'return (?:None if is_ready else )?"([^"]*[a-zé] [^"]*)"', source)

    assert len(told) >= 5
    assert [text for text in told if text.partition(" :")[0] not in page] == []


def test_anchors_and_files_exist() -> None:
    text = read("docs/exploitation.md")
    titles = re.findall(r"^#+ (.*)$", FENCED.sub("", text), re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}

    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors
    files = [f for f in INLINE.findall(text) if re.fullmatch(r"(deploy/)?[\w./-]+\.(sh|yaml)", f)]
    assert files
    assert [f for f in files if not Path(PROJECT_ROOT, f).is_file()] == []

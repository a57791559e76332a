"""What is written for operators names settings, commands, files and versions that exist."""

import re
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from flask import Flask

from app.config import Settings
from tests.elasticsearch_node.distribution import VERSION

ROOT = Path(__file__).parents[2]
COMPOSE = (ROOT / "compose.yaml").read_text("utf-8")
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
VARIABLE = re.compile(r"\$\{([A-Z_]+)(?::[-?][^}]*)?\}")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """The services, with each variable as an operator could give it."""
    filled = VARIABLE.sub(lambda found: "1" if "SHARDS" in found[1] else "a" * 64, COMPOSE)
    loaded: dict[str, Any] = yaml.safe_load(filled.replace("TRUSTED_PROXIES: " + "a" * 64, ""))
    return loaded["services"]


def test_the_site_accepts_its_settings(services: dict[str, Any], tmp_path: Path) -> None:
    authority = tmp_path / "ca.crt"
    authority.write_text("", encoding="ascii")
    for name in ("web", "travail", "migration"):
        environ = {
            variable: str(value)
            for variable, value in services[name]["environment"].items()
            if value is not None
        }
        settings = Settings.from_environ(environ | {"ELASTICSEARCH_CA": str(authority)})
        assert settings.is_production
        assert settings.search_engine.value == "elasticsearch"
        assert (settings.elasticsearch_url or "").count("https://") == 3


def test_every_variable_has_its_line_in_the_example() -> None:
    given = {line.partition("=")[0] for line in EXAMPLE.splitlines() if re.match("[A-Z]", line)}

    assert {found[1] for found in VARIABLE.finditer(COMPOSE)} == given


def test_nodes_are_of_the_version_that_is_tested(services: dict[str, Any]) -> None:
    images = {s["image"] for s in services.values() if "elasticsearch" in s.get("image", "")}

    assert {image.rpartition(":")[2] for image in images} == {VERSION}


def test_only_the_site_is_reached_from_outside_and_from_this_machine_only(
    services: dict[str, Any],
) -> None:
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}

    assert ports == {"web": ["127.0.0.1:8000:8000"]}


def test_files_named_by_the_containers_exist(services: dict[str, Any]) -> None:
    copied = re.findall(r"^COPY (.+) \S+$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    mounted = [
        volume.partition(":")[0]
        for service in services.values()
        for volume in service.get("volumes", [])
        if volume.startswith("./")
    ]

    assert copied
    assert mounted
    for name in (*" ".join(copied).split(), *mounted):
        assert (ROOT / name).exists(), name


def test_commands_of_the_services_exist(services: dict[str, Any], empty_app: Flask) -> None:
    commands = [s["command"] for s in services.values() if s.get("command", [""])[0] == "flask"]

    assert len(commands) == 2
    for command in commands:
        assert_exists(empty_app, command[1:])


@pytest.mark.parametrize("page", ["README.md", "docs/exploitation.md"])
def test_commands_shown_to_operators_exist(page: str, empty_app: Flask) -> None:
    shown = [
        line
        for block in BLOCK.findall((ROOT / page).read_text("utf-8"))
        for line in block.splitlines()
    ]
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for line in shown:
        words = line.partition("#")[0].split()
        if "make" in words[:1]:
            assert {word for word in words[1:] if "=" not in word} <= targets, line
        flask = next((at for at, word in enumerate(words) if word.endswith("flask")), None)
        if flask is not None:
            assert_exists(empty_app, words[flask + 1 :])
    assert any("flask" in line for line in shown)


def assert_exists(app: Flask, words: list[str]) -> None:
    """Fails unless the words are a command with options that it has."""
    command: click.Command = app.cli
    options = [word for word in words if word.startswith("--")]
    for word in words:
        if not isinstance(command, click.Group):
            break
        assert word in command.commands, words
        command = command.commands[word]
    assert not isinstance(command, click.Group), words
    known = {opt for param in command.params for opt in (*param.opts, *param.secondary_opts)}
    assert set(options) <= known, words

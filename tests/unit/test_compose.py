"""`compose.yaml` and the `Dockerfile`, as far as they can be read without a container engine."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from flask import Flask

from app.config import PROJECT_ROOT, SearchEngineName, Settings
from tests.elasticsearch_node.distribution import VERSION

NODES = ("es01", "es02", "es03")
OURS = ("web", "worker", "base")
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


@pytest.fixture(scope="module")
def text() -> str:
    return (PROJECT_ROOT / "compose.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def services(text: str) -> dict[str, dict[str, Any]]:
    return yaml.safe_load(text)["services"]


@pytest.fixture(scope="module")
def secrets_named() -> list[str]:
    """The variables that `.env.example` asks for."""
    lines = (PROJECT_ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return [line.removesuffix("=") for line in lines if re.fullmatch(r"\w+=", line)]


def filled(value: str, secrets: list[str]) -> str:
    """Writes secrets and defaults where Compose does."""
    return VARIABLE.sub(lambda m: "0a" * 32 if m[1] in secrets else str(m[3]), value)


def test_the_site_accepts_its_variables(
    services: dict[str, Any], secrets_named: list[str], tmp_path: Path
) -> None:
    authority = tmp_path / "ca.crt"
    authority.touch()
    given = services["web"]["environment"]
    environ = {k: filled(str(v), secrets_named) for k, v in given.items()}
    assert environ["ELASTICSEARCH_CA"] == "/autorite/ca.crt"

    settings = Settings.from_environ(
        {**environ, "ELASTICSEARCH_CA": str(authority), "EVENTAIL_DATA_DIR": str(tmp_path)}
    )

    assert settings.is_production
    assert settings.search_engine is SearchEngineName.ELASTICSEARCH
    assert settings.elasticsearch_url is not None
    assert [url.rpartition("@")[2] for url in settings.elasticsearch_url.split(",")] == [
        f"{node}:9200" for node in NODES
    ]


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_known(services: dict[str, Any], name: str) -> None:
    sources = [PROJECT_ROOT / "app" / "config.py", PROJECT_ROOT / "gunicorn.conf.py"]
    known = {n for path in sources for n in re.findall(r'"([A-Z_]+)"', path.read_text("utf-8"))}

    assert services[name]["environment"].keys() <= known


def test_the_example_names_what_is_asked(text: str, secrets_named: list[str]) -> None:
    asked = VARIABLE.findall(text)
    example = (PROJECT_ROOT / ".env.example").read_text(encoding="utf-8")

    assert {name for name, _, _ in asked} == set(re.findall(r"^#?(\w+)=", example, re.MULTILINE))
    optional = {name for name, sign, _ in asked if sign == "-"}
    assert optional == {name for name, _, _ in asked} - set(secrets_named)


@pytest.mark.parametrize("name", ["worker", "base"])
def test_the_commands_exist(services: dict[str, Any], catalogue_app: Flask, name: str) -> None:
    program, *words = services[name]["command"]

    assert program == "flask"
    group: click.Command = catalogue_app.cli
    while isinstance(group, click.Group):
        group = group.commands[words.pop(0)]
    assert set(words) <= {option for p in group.params for option in p.opts}


def test_the_versions_are_those_of_the_tests(services: dict[str, Any]) -> None:
    for name in (*NODES, "role", "certificats"):
        assert services[name]["image"].rpartition(":")[2] == VERSION
    assert int(re.findall(r"postgres:(\d+)", services["postgresql"]["image"])[0]) >= 15


def test_only_the_site_can_be_reached_and_from_this_machine(services: dict[str, Any]) -> None:
    assert [name for name, service in services.items() if "ports" in service] == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in services["web"]["ports"])


def test_nobody_has_more_rights_than_needed(services: dict[str, Any]) -> None:
    administrators = {name for name, s in services.items() if s.get("user", "").startswith("0")}
    assert administrators == {"certificats"}
    assert services["certificats"]["network_mode"] == "none"
    for name in services.keys() - administrators:
        assert services[name]["cap_drop"] == ["ALL"], name
    for name in (*OURS, "postgresql", "role"):
        assert services[name]["read_only"] is True, name


def test_what_is_named_exists(text: str, services: dict[str, Any]) -> None:
    volumes = yaml.safe_load(text)["volumes"]
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= services.keys(), name
        for mounted in service.get("volumes", ()):
            source, target, *_ = mounted.split(":")
            assert source in volumes or (PROJECT_ROOT / source).is_dir(), mounted
            if not service.get("entrypoint"):
                continue
            script = Path(service["entrypoint"][-1])
            if script.is_relative_to(target):
                assert (PROJECT_ROOT / source / script.name).is_file()


@pytest.mark.parametrize("name", ["certificates", "setup"])
def test_the_scripts_can_be_read(name: str) -> None:
    path = PROJECT_ROOT / "deploy" / "elasticsearch" / f"{name}.sh"

    subprocess.run(["bash", "-n", path], check=True)


def copied() -> Iterator[tuple[str, str]]:
    """What the last stage of the image copies from the project, and where."""
    dockerfile = (PROJECT_ROOT / "Dockerfile").read_text(encoding="utf-8")
    for line in dockerfile.rpartition("FROM ")[2].splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            *sources, target = line.split()[1:]
            yield from ((source, target) for source in sources)


def test_the_image_holds_what_the_commands_need(tmp_path: Path) -> None:
    ignored = (PROJECT_ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for source, target in copied():
        assert f"!{source}" in ignored
        path = PROJECT_ROOT / source
        if path.is_dir():
            clean = shutil.ignore_patterns("__pycache__")
            shutil.copytree(path, tmp_path / target, ignore=clean)
        else:
            shutil.copy(path, tmp_path / target)
    environ = {"PATH": os.environ["PATH"], "EVENTAIL_DATA_DIR": str(tmp_path / "donnees")}

    for words in (["db", "upgrade"], ["seed", "reference"]):
        done = subprocess.run(
            [sys.executable, "-m", "flask", *words],
            cwd=tmp_path,
            env={**environ, "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr


def test_the_image_runs_without_rights_and_with_locked_packages() -> None:
    dockerfile = (PROJECT_ROOT / "Dockerfile").read_text(encoding="utf-8")

    assert "\nUSER 10001:10001\n" in dockerfile
    assert "--require-hashes" in dockerfile

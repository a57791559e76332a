"""`make elasticsearch`: what it is told, and what it answers."""

import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.elasticsearch_node.__main__ import main
from tests.elasticsearch_node.plugin import ROOT
from tests.elasticsearch_node.ports import LOOPBACK, free_ports, is_open

LIMIT_SECONDS = 180


@pytest.mark.parametrize(
    ("name", "value"),
    [("NODES", "0"), ("NODES", "trois"), ("PORT", "80"), ("PORT", "99999"), ("HEAP_MB", "1")],
)
def test_a_bad_number_is_refused_with_its_bounds(
    capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    assert main([], {name: value}) == 1

    said = capsys.readouterr().err
    assert said.startswith(f"{name} est un nombre entre ")
    assert value in said


def test_a_port_taken_is_said_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        port = other.getsockname()[1]

        assert main([], {"PORT": str(port)}) == 1

    assert f"Le port {port} est déjà pris" in capsys.readouterr().err


def test_without_java_it_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.elasticsearch_node.java.USUAL_PLACES", ())
    for name in ("ES_JAVA_HOME", "JAVA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", "")

    assert main([], {"PORT": str(free_ports(1)[0])}) == 1

    assert "Java manque" in capsys.readouterr().err


@pytest.mark.elasticsearch
def test_it_answers_until_it_is_interrupted(elasticsearch_url: str, tmp_path: Path) -> None:
    """The shared node is asked for only to know whether this machine can have one."""
    port = free_ports(1)[0]
    command = [sys.executable, "-m", "tests.elasticsearch_node", "--quick"]
    said = tmp_path / "said"
    with said.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env={"PATH": "/usr/bin:/bin", "PORT": str(port)}, stdout=output
        )
    while b"Ctrl-C" not in said.read_bytes():
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.2)

    address = f"http://127.0.0.1:{port}"
    assert f"ELASTICSEARCH_URL={address}\n" in said.read_text(encoding="utf-8")
    with urllib.request.urlopen(f"{address}/_cluster/health") as answer:
        assert answer.headers["X-elastic-product"] == "Elasticsearch"
    process.send_signal(signal.SIGINT)

    assert process.wait(LIMIT_SECONDS) == 0
    assert "ses données sont effacées" in said.read_text(encoding="utf-8")
    assert not is_open(port)

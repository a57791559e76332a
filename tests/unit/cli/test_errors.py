"""Every failure that a command can meet has a French sentence that says what to do."""

import errno
import sqlite3
from collections.abc import Callable

import click
import pytest
from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError

from app.cli.errors import DISK_FULL, FEED_FAULTS, explain, explained
from app.config import ConfigurationError
from app.domain.errors import (
    CatalogueUnavailable,
    EngineUnavailable,
    IndexRefused,
    IndexUnavailable,
    SignalementInconnu,
)
from app.feeds.reader import FeedUnreadable
from app.persistence.schema import DatabaseTooNew, DatabaseTooOld


def operational(text: str) -> OperationalError:
    return OperationalError("SELECT secret", {}, sqlite3.OperationalError(text))


def unavailable(text: str) -> CatalogueUnavailable:
    try:
        raise CatalogueUnavailable from operational(text)
    except CatalogueUnavailable as fault:
        return fault


CASES: list[tuple[Exception, str]] = [
    (DatabaseTooNew("9999"), "9999"),
    (DatabaseTooOld(None), "flask db upgrade"),
    (EngineUnavailable(), "flask index drain"),
    (IndexUnavailable("cluster_503"), "ne répond pas"),
    (IndexRefused("certificate"), "ELASTICSEARCH_CA"),
    (IndexRefused("password"), "ELASTICSEARCH_URL"),
    (IndexRefused("rights"), "deploy/elasticsearch/role.json"),
    (ConfigurationError(("PORT est faux.",)), "PORT est faux."),
    (OSError(errno.ENOSPC, "No space left on device"), DISK_FULL),
    (PermissionError(errno.EACCES, "Permission denied", "/somewhere"), "/somewhere"),
    (operational("database or disk is full"), DISK_FULL),
    (operational("could not extend file: No space left on device"), DISK_FULL),
    (operational("database is locked"), "occupée"),
    (operational("unable to open database file"), "EVENTAIL_DATA_DIR"),
    (operational("attempt to write a readonly database"), "EVENTAIL_DATA_DIR"),
    (operational("connection refused"), "DATABASE_URL"),
    (unavailable("database is locked"), "occupée"),
    (SignalementInconnu(12), "numéro 12"),
]


@pytest.mark.parametrize(("fault", "words"), CASES, ids=map(str, range(len(CASES))))
def test_a_failure_is_a_sentence_without_its_statement(fault: Exception, words: str) -> None:
    sentence = explain(fault)

    assert words in sentence
    assert "SELECT" not in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize("motif", FEED_FAULTS)
def test_every_fault_of_a_feed_names_its_file(motif: str) -> None:
    assert explain(FeedUnreadable("flux.csv", motif)).startswith("flux.csv : ")


def raising(fault: BaseException) -> Callable[[], None]:
    @explained
    def command() -> None:
        raise fault

    return command


FOREIGN = [
    sqlite3.OperationalError("database or disk is full"),
    sqlite3.DatabaseError("file is not a database"),
    DatabaseError("SELECT 1", {}, sqlite3.DatabaseError("file is not a database")),
    ProgrammingError("SELECT 1", {}, Exception('relation "imports" does not exist')),
]
NAMES = ["index-disk-full", "index-damaged", "base-damaged", "base-without-tables"]


@pytest.mark.parametrize("fault", [fault for fault, _ in CASES], ids=map(str, range(len(CASES))))
def test_a_known_failure_ends_the_command_with_its_sentence(fault: Exception) -> None:
    with pytest.raises(click.ClickException) as refusal:
        raising(fault)()

    assert refusal.value.exit_code == 1


@pytest.mark.parametrize("fault", FOREIGN, ids=NAMES)
def test_a_command_ends_with_the_sentence(fault: Exception) -> None:
    with pytest.raises(click.ClickException) as refusal:
        raising(fault)()

    assert refusal.value.exit_code == 1
    assert "SELECT" not in refusal.value.message


def test_a_full_index_disk_is_a_full_disk() -> None:
    assert explain(sqlite3.OperationalError("database or disk is full")) == DISK_FULL


def test_a_fault_of_ours_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        raising(ZeroDivisionError())()


def test_a_command_keeps_its_name_and_its_answer() -> None:
    @explained
    def command(value: int) -> int:
        return value + 1

    assert command.__name__ == "command"
    assert command(2) == 3

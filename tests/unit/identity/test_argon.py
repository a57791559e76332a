"""Digests of passwords: salted, slow on purpose, renewed when their parameters change."""

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from app.domain.mots_de_passe import Secret
from app.identity.argon import ArgonHachoir

SENTENCE = "trois vélos rouges sous la pluie"


@pytest.fixture(scope="module")
def hachoir() -> ArgonHachoir:
    return ArgonHachoir()


def test_a_digest_is_that_of_its_password_only(hachoir: ArgonHachoir) -> None:
    secret = hachoir.hash(SENTENCE)

    assert hachoir.verify(secret, SENTENCE)
    for other in ("", SENTENCE[:-1], f"{SENTENCE} ", SENTENCE.upper(), f"{SENTENCE}\x00"):
        assert not hachoir.verify(secret, other)
    assert SENTENCE not in secret


def test_the_same_password_has_another_digest_each_time(hachoir: ArgonHachoir) -> None:
    first, second = hachoir.hash(SENTENCE), hachoir.hash(SENTENCE)

    assert first != second
    assert hachoir.verify(second, SENTENCE)


def test_the_parameters_are_at_least_those_of_owasp(hachoir: ArgonHachoir) -> None:
    found = extract_parameters(hachoir.hash(SENTENCE))

    assert found.type is Type.ID
    assert found.memory_cost >= 19 * 1024
    assert found.time_cost >= 2


def test_an_older_digest_opens_and_is_to_be_renewed(hachoir: ArgonHachoir) -> None:
    older = Secret(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(SENTENCE))

    assert hachoir.verify(older, SENTENCE)
    assert hachoir.is_stale(older)
    assert not hachoir.is_stale(hachoir.hash(SENTENCE))


def test_the_decoy_costs_what_a_real_one_does_and_opens_nothing(hachoir: ArgonHachoir) -> None:
    assert extract_parameters(hachoir.leurre) == extract_parameters(hachoir.hash(SENTENCE))
    assert hachoir.leurre == hachoir.leurre
    assert not hachoir.verify(hachoir.leurre, "")
    assert ArgonHachoir().leurre != hachoir.leurre


@pytest.mark.parametrize("secret", ["", "rien", "$argon2id$v=19$", "\x00"])
def test_what_is_no_digest_opens_nothing(hachoir: ArgonHachoir, secret: str) -> None:
    assert not hachoir.verify(Secret(secret), SENTENCE)

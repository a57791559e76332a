"""What the address adapter keeps, spares and never tells: cache, breaker, threads, privacy."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.ports import AdresseTrouvee, Geocoder
from app.geo import geocoder as module
from tests.unit.geo.cases import ADRESSE, FOUND, HASTY_S, FakeClock, reason_of
from tests.unit.geo.geoplateforme import (
    HELD,
    PLACES,
    TOO_MANY_REQUESTS,
    UNAVAILABLE,
    FakeGeoplateforme,
)

# The cache


def test_same_address_is_asked_once(service: FakeGeoplateforme, geocoder: Geocoder) -> None:
    answers = [geocoder.locate(text) for text in (ADRESSE, ADRESSE.upper(), f"  {ADRESSE} ")]

    assert [answer and answer.code_insee for answer in answers] == ["84007"] * 3
    assert len(service.targets) == 1


@pytest.mark.parametrize(
    ("adresse", "hours"),
    [pytest.param(ADRESSE, 24, id="found"), pytest.param("xyzzy", 1, id="not found")],
)
def test_answer_is_kept_for_its_time(
    service: FakeGeoplateforme, geocoder: Geocoder, clock: FakeClock, adresse: str, hours: int
) -> None:
    first = geocoder.locate(adresse)
    clock.now = hours * 3600 - 1
    just_before = geocoder.locate(adresse)
    asked_before = len(service.targets)
    clock.now = hours * 3600
    after = geocoder.locate(adresse)

    assert first == just_before == after
    assert (asked_before, len(service.targets)) == (1, 2)


def test_failure_is_never_kept(service: FakeGeoplateforme, geocoder: Geocoder) -> None:
    service.queue = [UNAVAILABLE]

    assert reason_of(geocoder) == "http_503"
    assert geocoder.locate(ADRESSE) == FOUND


def test_answer_unused_for_longest_leaves_the_cache(
    service: FakeGeoplateforme, geocoder: Geocoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CACHE_ENTRIES", 2)

    for adresse in ("1 rue A", "2 rue B", "1 rue A", "3 rue C", "1 rue A", "2 rue B"):
        geocoder.locate(adresse)

    assert service.queries == ["1 rue A", "2 rue B", "3 rue C", "2 rue B"]


# The pause


def fail_three_times(service: FakeGeoplateforme, geocoder: Geocoder) -> None:
    service.queue = [UNAVAILABLE] * 3
    for number in range(3):
        assert reason_of(geocoder, f"{number} rue en panne") == "http_503"


def test_three_failures_in_a_row_pause_the_calls_for_thirty_seconds(
    service: FakeGeoplateforme, geocoder: Geocoder, clock: FakeClock
) -> None:
    fail_three_times(service, geocoder)
    clock.now = 29.9
    assert reason_of(geocoder) == "paused"
    assert len(service.targets) == 3

    clock.now = 30

    assert geocoder.locate(ADRESSE) == FOUND
    assert geocoder.locate("rue de la République 84000 Avignon") is not None


def test_failed_trial_pauses_again_at_once(
    service: FakeGeoplateforme, geocoder: Geocoder, clock: FakeClock
) -> None:
    fail_three_times(service, geocoder)
    clock.now = 30
    service.queue = [TOO_MANY_REQUESTS]

    assert reason_of(geocoder) == "http_429"
    clock.now = 59.9
    assert reason_of(geocoder) == "paused"
    clock.now = 60
    assert geocoder.locate(ADRESSE) == FOUND


def test_failures_apart_do_not_pause(service: FakeGeoplateforme, geocoder: Geocoder) -> None:
    for number in range(3):
        service.queue = [UNAVAILABLE, UNAVAILABLE]
        reason_of(geocoder, f"{number} rue en panne")
        reason_of(geocoder, f"{number} rue en panne")
        assert geocoder.locate(f"{number} rue de la République 84000 Avignon") is not None


def test_known_address_is_answered_during_a_pause(
    service: FakeGeoplateforme, geocoder: Geocoder
) -> None:
    geocoder.locate(ADRESSE)
    fail_three_times(service, geocoder)

    assert geocoder.locate(ADRESSE) == FOUND


def test_one_trial_at_a_time_follows_a_pause(
    service: FakeGeoplateforme,
    geocoder: Geocoder,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fail_three_times(service, geocoder)
    monkeypatch.setattr(module, "TIME_LIMIT_S", HASTY_S)
    clock.now = 30
    service.answer = HELD

    with ThreadPoolExecutor(8) as threads:
        reasons = list(threads.map(lambda n: reason_of(geocoder, f"{n} rue muette"), range(8)))

    assert sorted(reasons) == ["TimeoutError", *["paused"] * 7]
    assert len(service.targets) == 4


# Threads


def test_threads_share_a_geocoder(service: FakeGeoplateforme, geocoder: Geocoder) -> None:
    start = threading.Barrier(8)

    def locate_many(_thread: int) -> list[AdresseTrouvee | None]:
        start.wait()
        return [geocoder.locate(str(place["properties"]["label"])) for place in PLACES] * 5

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(locate_many, range(8)))

    assert all(answer == answers[0] for answer in answers)
    assert None not in answers[0]
    assert len(service.targets) <= 8 * len(PLACES)

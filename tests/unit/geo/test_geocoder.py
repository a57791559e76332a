"""The address adapter, over real HTTP against a local server that answers as the service does."""

import logging
import time

import pytest
from structlog.testing import capture_logs

from app.domain.ports import Geocoder
from app.geo import geocoder as module
from app.geo.geocoder import GeoplateformeGeocoder
from tests.unit.geo.cases import (
    ADRESSE,
    FOUND,
    HASTY_S,
    SECRET_ADRESSE,
    error_of,
    is_discreet,
    reason_of,
    refused_port,
)
from tests.unit.geo.geoplateforme import (
    BAD_GATEWAY,
    DRIPPING_BODY,
    DRIPPING_HEADERS,
    HELD,
    INTERNAL_ERROR,
    MAINTENANCE_PAGE,
    PLACES,
    TOO_MANY_REQUESTS,
    UNAVAILABLE,
    Answer,
    FakeGeoplateforme,
    Feature,
    collection,
    feature,
    refusal,
)

# What is asked


def test_default_service_is_the_geoplateforme() -> None:
    assert GeoplateformeGeocoder().endpoint == "https://data.geopf.fr/geocodage/search"


def test_default_limits_are_those_of_the_rules() -> None:
    assert module.TIME_LIMIT_S == 2
    assert module.CACHE_ENTRIES == 1_000


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        pytest.param("http://127.0.0.1:9999/geocodage", None, id="port"),
        pytest.param(
            "http://127.0.0.1:9999/geocodage/",
            "http://127.0.0.1:9999/geocodage/search",
            id="final slash",
        ),
        pytest.param("https://adresse.example.org", None, id="no path"),
        pytest.param("http://[::1]:9999/geocodage", None, id="IPv6"),
    ],
)
def test_another_base_is_asked_at_search(url: str, endpoint: str | None) -> None:
    assert GeoplateformeGeocoder(url).endpoint == endpoint or f"{url}/search"


@pytest.mark.parametrize(
    "url",
    ["", "data.geopf.fr/geocodage", "ftp://x/y", "http://", "https://a/?b=c", "https://u:p@a/b"],
)
def test_a_base_that_is_no_plain_url_is_refused_without_quoting_it(url: str) -> None:
    with pytest.raises(ValueError, match="GEOCODER_URL") as caught:
        GeoplateformeGeocoder(url)

    assert not url or url not in str(caught.value)


def test_address_is_asked_once_with_the_name_of_the_application(
    service: FakeGeoplateforme, geocoder: Geocoder
) -> None:
    geocoder.locate("  12 rue\tde la  République\n84000 Avignon ")

    assert service.queries == [ADRESSE]
    assert service.targets[0].startswith("/geocodage/search?q=12+rue+de+la+R%C3%A9publique")
    assert service.user_agents == ["eventail"]


def test_long_query_is_cut_to_what_the_service_accepts(
    service: FakeGeoplateforme, geocoder: Geocoder
) -> None:
    geocoder.locate("12 rue de la République " + "x" * 10_000)

    assert len(service.queries[0]) == 200


@pytest.mark.parametrize("adresse", ["", "   ", "ab", "-a- ", "\x00\ud800", "🏠🏠🏠", "...?!"])
def test_text_that_is_no_address_is_not_even_asked(
    service: FakeGeoplateforme, geocoder: Geocoder, adresse: str
) -> None:
    assert geocoder.locate(adresse) is None
    assert service.targets == []


@pytest.mark.parametrize(
    "adresse",
    [f"« {ADRESSE} »", f"- {ADRESSE}", f"\ufeff{ADRESSE}\x00", f"'{ADRESSE}\ud800", f"_{ADRESSE}"],
)
def test_address_starts_with_a_letter_or_a_digit_for_the_service(
    geocoder: Geocoder, adresse: str
) -> None:
    assert geocoder.locate(adresse) == FOUND


# What is made of the answer


def test_best_answer_is_returned(geocoder: Geocoder) -> None:
    assert geocoder.locate(ADRESSE) == FOUND


@pytest.mark.parametrize(
    "place", PLACES, ids=[str(place["properties"]["label"]) for place in PLACES]
)
def test_every_precise_kind_of_place_is_found(geocoder: Geocoder, place: Feature) -> None:
    found = geocoder.locate(str(place["properties"]["label"]))

    assert found is not None
    assert found.libelle == place["properties"]["label"]
    assert found.code_insee == place["properties"]["citycode"]
    assert [found.longitude, found.latitude] == place["geometry"]["coordinates"]


@pytest.mark.parametrize(
    ("others", "is_found"),
    [
        pytest.param({}, True, id="as it should be"),
        pytest.param({"score": 0.4}, True, id="just good enough"),
        pytest.param({"score": 1}, True, id="whole score"),
        pytest.param({"score": 0.3999}, False, id="too low a score"),
        pytest.param({"score": float("nan")}, False, id="score not a number"),
        pytest.param({"score": None}, False, id="no score"),
        pytest.param({"citycode": None}, False, id="no city code"),
        pytest.param({"citycode": ""}, False, id="empty city code"),
        pytest.param({"citycode": 84007}, False, id="city code as a number"),
        pytest.param({"type": "poi"}, False, id="point of interest"),
        pytest.param({"type": None}, False, id="no type"),
        pytest.param({"label": 12}, False, id="label as a number"),
    ],
)
def test_answer_is_used_only_when_good_precise_and_coded(
    service: FakeGeoplateforme, geocoder: Geocoder, others: dict[str, object], is_found: bool
) -> None:
    service.answer = collection(feature("12 Rue X 84000 Avignon", 4.8, 43.9, **others))

    assert (geocoder.locate(ADRESSE) is not None) is is_found


def test_usable_answer_behind_an_unusable_one_is_returned(
    service: FakeGeoplateforme, geocoder: Geocoder
) -> None:
    service.answer = collection(
        feature("Gare 84000 Avignon", 4.8, 43.9, type="poi"),
        feature("Rue de la Gare 84000 Avignon", 4.81, 43.94, type="street"),
    )

    found = geocoder.locate("gare avignon")

    assert found is not None
    assert found.libelle == "Rue de la Gare 84000 Avignon"


def test_unknown_address_is_none(geocoder: Geocoder) -> None:
    assert geocoder.locate("xyzzy") is None


def test_query_that_the_service_refuses_is_none_and_no_failure(
    service: FakeGeoplateforme, geocoder: Geocoder
) -> None:
    service.queue = [refusal("q: unexpected value")] * 4

    refused = [geocoder.locate(f"{n} allée refusée") for n in range(4)]

    assert refused == [None] * 4
    assert geocoder.locate(ADRESSE) == FOUND


def test_text_refused_by_the_rule_of_utf16_lengths_is_none(
    service: FakeGeoplateforme, geocoder: Geocoder
) -> None:
    assert geocoder.locate("a" + "🏠" * 199) is None
    assert len(service.targets) == 1


# When the service fails

FAILURES = [
    pytest.param(TOO_MANY_REQUESTS, "http_429", id="429"),
    pytest.param(INTERNAL_ERROR, "http_500", id="500"),
    pytest.param(BAD_GATEWAY, "http_502", id="502"),
    pytest.param(UNAVAILABLE, "http_503", id="503"),
    pytest.param(Answer(status=404, body="Cannot GET {url}"), "http_404", id="404"),
    pytest.param(Answer(status=204), "http_204", id="204"),
    pytest.param(
        Answer(status=302, headers=(("Location", "/geocodage/search?q=84000+Avignon"),)),
        "http_302",
        id="redirect",
    ),
    pytest.param(MAINTENANCE_PAGE, "malformed", id="HTML page"),
    pytest.param(Answer(body='{"type": "FeatureColl'), "malformed", id="truncated JSON"),
    pytest.param(Answer(body="[" * 100_000), "malformed", id="deep JSON"),
    pytest.param(Answer(body="{}"), "malformed", id="no features"),
    pytest.param(Answer(body="[]"), "malformed", id="list"),
    pytest.param(Answer(body="null"), "malformed", id="null"),
    pytest.param(Answer(body='{"features": null}'), "malformed", id="null features"),
    pytest.param(Answer(body='{"features": [null]}'), "malformed", id="null feature"),
    pytest.param(Answer(body='{"features": [{}]}'), "malformed", id="empty feature"),
    pytest.param(
        Answer(body='{"features": [{"geometry": {"coordinates": [4, 430]}}]}'),
        "malformed",
        id="latitude 430",
    ),
    pytest.param(
        collection(feature("12 Rue X 84000 Avignon", 4.8, 43.9, score="0.9")),
        "malformed",
        id="score as text",
    ),
    pytest.param(Answer(body=" " * 300_000), "endless", id="300 KB"),
]
ENDLESS = [
    pytest.param(HELD, id="silent"),
    pytest.param(DRIPPING_BODY, id="endless body"),
    pytest.param(DRIPPING_HEADERS, id="endless headers"),
]


@pytest.mark.parametrize(("answer", "reason"), FAILURES)
def test_failure_of_the_service_is_geocoder_unavailable(
    service: FakeGeoplateforme, geocoder: Geocoder, answer: Answer, reason: str
) -> None:
    service.answer = answer

    assert reason_of(geocoder) == reason
    assert len(service.targets) == 1


@pytest.mark.parametrize(("answer", "_reason"), [*FAILURES, pytest.param(None, "", id="found")])
def test_address_is_in_no_log_and_no_error(
    service: FakeGeoplateforme,
    geocoder: Geocoder,
    answer: Answer | None,
    _reason: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    service.answer = answer
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="geopy")

    with capture_logs() as events:
        error = error_of(geocoder, SECRET_ADRESSE)

    assert caplog.text == ""
    assert "secrete" not in (str(events) + "".join(capfd.readouterr())).lower()
    assert error is None or is_discreet(error)


@pytest.mark.parametrize("answer", ENDLESS)
def test_address_is_in_no_error_of_time(
    service: FakeGeoplateforme, hasty_geocoder: Geocoder, answer: Answer
) -> None:
    service.answer = answer

    error = error_of(hasty_geocoder, SECRET_ADRESSE)

    assert error is not None
    assert is_discreet(error)


def test_failure_is_logged_with_its_reason_only(
    service: FakeGeoplateforme, geocoder: Geocoder
) -> None:
    service.answer = UNAVAILABLE

    with capture_logs() as events:
        reason_of(geocoder)

    assert events == [{"event": "geocoder_failed", "reason": "http_503", "log_level": "warning"}]


def test_refused_connection_is_geocoder_unavailable() -> None:
    geocoder = GeoplateformeGeocoder(f"http://127.0.0.1:{refused_port()}/geocodage")

    assert reason_of(geocoder) == "ConnectionRefusedError"


def test_broken_tls_is_geocoder_unavailable(service: FakeGeoplateforme) -> None:
    geocoder = GeoplateformeGeocoder(service.url.replace("http:", "https:"))

    assert "SSL" in reason_of(geocoder)


def test_impossible_port_is_geocoder_unavailable() -> None:
    assert reason_of(GeoplateformeGeocoder("http://127.0.0.1:port/geocodage")) == "InvalidURL"


@pytest.mark.parametrize("answer", ENDLESS)
def test_time_limit_holds_for_the_whole_call(
    service: FakeGeoplateforme, hasty_geocoder: Geocoder, answer: Answer
) -> None:
    service.answer = answer
    started_at = time.monotonic()

    reason = reason_of(hasty_geocoder)

    assert reason in {"TimeoutError", "endless"}
    assert HASTY_S * 0.9 < time.monotonic() - started_at < HASTY_S + 1.5


def test_endless_answer_is_hung_up_on(service: FakeGeoplateforme, hasty_geocoder: Geocoder) -> None:
    service.answer = DRIPPING_BODY

    reason_of(hasty_geocoder)

    assert service.left.wait(5)


def test_proxies_of_the_environment_are_ignored(
    service: FakeGeoplateforme, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{refused_port()}")
    monkeypatch.delenv("no_proxy", raising=False)

    assert GeoplateformeGeocoder(service.url).locate(ADRESSE) == FOUND

"""A local server that answers as the address service does, and geocoders on it."""

from collections.abc import Iterator

import pytest

from app.domain.ports import Geocoder
from app.geo import geocoder as module
from app.geo.geocoder import GeoplateformeGeocoder
from tests.unit.geo.cases import HASTY_S, FakeClock
from tests.unit.geo.geoplateforme import (
    FakeGeoplateforme,
)


@pytest.fixture
def service() -> Iterator[FakeGeoplateforme]:
    with FakeGeoplateforme() as fake:
        yield fake


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def geocoder(service: FakeGeoplateforme, clock: FakeClock) -> Geocoder:
    return GeoplateformeGeocoder(service.url, clock=clock)


@pytest.fixture
def hasty_geocoder(service: FakeGeoplateforme, monkeypatch: pytest.MonkeyPatch) -> Geocoder:
    monkeypatch.setattr(module, "TIME_LIMIT_S", HASTY_S)
    return GeoplateformeGeocoder(service.url)

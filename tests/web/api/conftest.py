"""What the tests of the API share."""

import pytest
from flask import Flask

from app.domain.geographie import Geographie
from app.domain.vocabulaire import Vocabulaire
from app.web.current import current_catalogue

Reference = tuple[Vocabulaire, Geographie, dict]  # type: ignore[type-arg]


@pytest.fixture(scope="session")
def reference(catalogue_app: Flask) -> Reference:
    """What parameters are checked against."""
    with catalogue_app.app_context():
        catalogue = current_catalogue()
        return catalogue.vocabulaire, catalogue.geographie, dict(catalogue.bassins)

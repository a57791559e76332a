"""The site on the catalogue that is shipped, made once, and copies of it for tests that write."""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache

from app.config import Settings
from app.factory import create_app

TOWN = "https://ville.exemple.fr"  # a site that may show the search in a frame
NOWHERE = "http://127.0.0.1:9"  # no test asks the real address service
Record = dict[str, object]
AppWith = Callable[..., Flask]
# The same examples at every run, and no test of ours fails for being slow.
settings.register_profile(
    "eventail",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("eventail")


def settings_of(data_dir: Path, **more: str) -> Settings:
    """Returns the settings of a site whose files are all in one folder."""
    variables = {"EVENTAIL_DATA_DIR": str(data_dir), "GEOCODER_URL": NOWHERE}
    return Settings.from_environ({**variables, **more})


@pytest.fixture(scope="session")
def seeded_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a site on the shipped catalogue; nothing may write there."""
    data_dir = tmp_path_factory.mktemp("catalogue")
    seeded = create_app(settings_of(data_dir)).test_cli_runner().invoke(args=["seed", "demo"])
    assert seeded.exit_code == 0, seeded.output
    return data_dir


@pytest.fixture(scope="session")
def people_dir(seeded_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a site with people in it; nothing may write there."""
    # What people are is told by the tests of their pages; most tests have none.
    from tests.web.espace.conftest import fill_with_people

    data_dir = tmp_path_factory.mktemp("people") / "site"
    shutil.copytree(seeded_dir, data_dir)
    fill_with_people(data_dir)
    return data_dir


@pytest.fixture(scope="session", autouse=True)
def _compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Compiles each template once, for all the sites that the tests make."""
    cache = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": cache})
        yield


@pytest.fixture(scope="session")
def catalogue_app(seeded_dir: Path) -> Flask:
    """The site on the shipped catalogue."""
    return create_app(settings_of(seeded_dir, WIDGET_SITES=TOWN))


@pytest.fixture
def client(catalogue_app: Flask) -> FlaskClient:
    """A visitor of the shipped catalogue."""
    return catalogue_app.test_client()


@pytest.fixture
def empty_app(tmp_path: Path) -> Flask:
    """A site just installed: neither listing nor index."""
    return create_app(settings_of(tmp_path))


@pytest.fixture
def app_with(seeded_dir: Path, tmp_path: Path) -> AppWith:
    """Makes a site of its own on the shipped catalogue, with more records and other settings."""

    def make(records: Iterable[Record] = (), **settings: str) -> Flask:
        data_dir = tmp_path / "site"
        shutil.copytree(seeded_dir, data_dir)
        app = create_app(settings_of(data_dir, **settings))
        if added := list(records):
            feed = tmp_path / "ajouts.json"
            feed.write_text(json.dumps(added), encoding="utf-8")
            imported = app.test_cli_runner().invoke(args=["catalogue", "import", str(feed)])
            assert imported.exit_code == 0, imported.output
        return app

    return make

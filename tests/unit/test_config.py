"""The settings: defaults, French problems all at once, and the key made only once."""

import re
import stat
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from app.config import (
    EVERY_SITE,
    GEOPLATEFORME_URL,
    PROJECT_ROOT,
    ConfigurationError,
    Environment,
    SearchEngineName,
    Settings,
)
from app.secret_key import SECRET_KEY_FILE
from app.tiles import PLAN_IGN_ATTRIBUTION, PLAN_IGN_URL, Tiles

STRONG_KEY = "f3" * 32


def read(tmp_path: Path, **environ: str) -> Settings:
    return Settings.from_environ({"EVENTAIL_DATA_DIR": str(tmp_path)} | environ)


def problems(tmp_path: Path, **environ: str) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, **environ)
    return caught.value.problems


def key_in(folder: str) -> str:
    return Settings.from_environ({"EVENTAIL_DATA_DIR": folder}).secret_key


def test_an_empty_environment_is_a_working_development_site(tmp_path: Path) -> None:
    settings = read(tmp_path)

    assert settings.environment is Environment.DEVELOPMENT
    assert not settings.is_production
    assert settings.data_dir == tmp_path
    assert settings.database_url == f"sqlite:///{tmp_path}/eventail.sqlite3"
    assert settings.search_engine is SearchEngineName.EMBEDDED
    assert settings.elasticsearch_url is None
    assert settings.elasticsearch_index == "offres"
    assert settings.rate_limits is False
    assert settings.mail_url is None
    assert settings.geocoder_url == GEOPLATEFORME_URL
    assert settings.tiles == Tiles(url=PLAN_IGN_URL, attribution=PLAN_IGN_ATTRIBUTION)
    assert settings.faits_supplementaires is None
    assert settings.territoires == tuple(sorted(PROJECT_ROOT.glob("seed/territoires/*.toml")))
    assert settings.widget_sites == ()
    assert settings.site_url is None
    assert settings.contact_email is None


def test_an_empty_variable_counts_as_absent(tmp_path: Path) -> None:
    settings = read(tmp_path, DATABASE_URL=" ", SEARCH_ENGINE="", RATE_LIMITS="", MAIL_URL="")

    assert settings.database_url.startswith("sqlite:///")
    assert settings.mail_url is None


def test_the_data_directory_is_made_for_its_owner_only(tmp_path: Path) -> None:
    data_dir = read(tmp_path / "new" / "var").data_dir

    assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700


def test_production_settings_are_read(tmp_path: Path) -> None:
    extra = tmp_path / "faits.toml"
    extra.touch()

    settings = read(
        tmp_path,
        EVENTAIL_ENV="production",
        SECRET_KEY=STRONG_KEY,
        DATABASE_URL="postgresql://eventail:p%40ss@db/eventail",
        SEARCH_ENGINE="elasticsearch",
        ELASTICSEARCH_URL="http://search:9200/",
        ELASTICSEARCH_INDEX="offres-84",
        MAIL_URL="smtp://user:pass@mail:587",
        TRUSTED_PROXIES="2",
        GEOCODER_URL="https://example.org/geocodage/",
        FAITS_SUPPLEMENTAIRES=str(extra),
        WIDGET_SITES="https://www.Ville.fr/, https://ccas.exemple.fr:8443,",
        SITE_URL="https://Eventail.exemple.fr/",
        CONTACT_EMAIL="contact@exemple.fr",
    )

    assert settings.is_production
    assert settings.rate_limits is True
    assert settings.trusted_proxies == 2
    assert settings.database_url == "postgresql+psycopg://eventail:p%40ss@db/eventail"
    assert settings.elasticsearch_url == "http://search:9200"
    assert settings.geocoder_url == "https://example.org/geocodage"
    assert settings.faits_supplementaires == extra
    assert settings.widget_sites == ("https://www.ville.fr", "https://ccas.exemple.fr:8443")
    assert settings.site_url == "https://eventail.exemple.fr"
    assert settings.contact_email == "contact@exemple.fr"
    assert not (tmp_path / SECRET_KEY_FILE).exists()


@pytest.mark.parametrize(
    "written",
    ["postgres://u@db/e", "postgresql://u@db/e", "postgresql+psycopg2://u@db/e"],
    ids=["heroku", "plain", "other-driver"],
)
def test_every_postgresql_address_uses_psycopg_3(tmp_path: Path, written: str) -> None:
    assert read(tmp_path, DATABASE_URL=written).database_url == "postgresql+psycopg://u@db/e"


def test_secrets_stay_out_of_the_representation(tmp_path: Path) -> None:
    shown = repr(
        read(
            tmp_path,
            SECRET_KEY=STRONG_KEY,
            DATABASE_URL="postgresql://u:hunter2@db/e",
            MAIL_URL="smtp://u:hunter2@mail",
            ELASTICSEARCH_URL="http://u:hunter2@search:9200",
        )
    )

    assert STRONG_KEY not in shown
    assert "hunter2" not in shown


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("EVENTAIL_ENV", "prod", id="environment"),
        pytest.param("SEARCH_ENGINE", "solr", id="engine"),
        pytest.param("SEARCH_ENGINE", "elasticsearch", id="engine-without-address"),
        pytest.param("ELASTICSEARCH_URL", "search:9200", id="engine-address"),
        pytest.param("ELASTICSEARCH_INDEX", "Offres 84", id="index-name"),
        pytest.param("DATABASE_URL", "not an address", id="database-unreadable"),
        pytest.param("DATABASE_URL", "postgresql://db:port/e", id="database-port"),
        pytest.param("DATABASE_URL", "mysql://db/e", id="database-kind"),
        pytest.param("RATE_LIMITS", "yes", id="limits"),
        pytest.param("TRUSTED_PROXIES", "oui", id="proxies"),
        pytest.param("TRUSTED_PROXIES", "6", id="too-many-proxies"),
        pytest.param("MAIL_URL", "mail.example.org", id="mail"),
        pytest.param("MAIL_URL", "smtp://mail:99999", id="mail-port"),
        pytest.param("MAIL_URL", "smtp://user@mail", id="mail-user-without-password"),
        pytest.param("MAIL_URL", "smtps://mail/boite", id="mail-path"),
        pytest.param("GEOCODER_URL", "ftp://example.org", id="geocoder"),
        pytest.param("TILES_URL", "https://cartes.fr/{z}", id="tiles"),
        pytest.param("TILES_URL", "https://cartes.fr/{z}/{x}/{y}", id="tiles-of-nobody"),
        pytest.param("FAITS_SUPPLEMENTAIRES", "/nowhere/faits.toml", id="facts"),
        pytest.param("TERRITOIRE", "/nowhere/*.toml", id="territory"),
        pytest.param("WIDGET_SITES", "http://ville.fr", id="frame-in-clear"),
        pytest.param("WIDGET_SITES", "https://ville.fr/accueil", id="frame-of-a-page"),
        pytest.param("WIDGET_SITES", "https://*.ville.fr", id="frame-of-many-hosts"),
        pytest.param("WIDGET_SITES", "https://ville.fr, *", id="frame-of-all-and-one"),
        pytest.param("WIDGET_SITES", "https://v.fr; script-src *", id="frame-that-adds-a-policy"),
        pytest.param("WIDGET_SITES", "https://moi@ville.fr", id="frame-with-a-user"),
        pytest.param("WIDGET_SITES", "ville.fr", id="frame-without-scheme"),
        pytest.param("SITE_URL", "https://ville.fr/eventail", id="site-with-a-page"),
        pytest.param("SITE_URL", "eventail.fr", id="site-without-scheme"),
        pytest.param("CONTACT_EMAIL", "la mairie", id="contact"),
        pytest.param("CONTACT_EMAIL", "a@b.fr?subject=x", id="contact-with-a-subject"),
    ],
)
def test_a_bad_value_is_one_french_sentence(tmp_path: Path, name: str, value: str) -> None:
    (problem,) = problems(tmp_path, **{name: value})

    # The engine's choice is corrected through its address.
    assert name in problem or "ELASTICSEARCH_URL" in problem
    assert problem.endswith((".", "…."))


def test_the_background_of_maps_is_chosen_or_left_out(tmp_path: Path) -> None:
    url = "http://localhost/{z}/{x}/{y}.png"

    chosen = read(tmp_path, TILES_URL=url, TILES_ATTRIBUTION="© la ville")

    assert chosen.tiles == Tiles(url=url, attribution="© la ville")
    assert read(tmp_path, TILES_URL="off").tiles is None
    assert read(tmp_path, TILES_URL="").tiles == read(tmp_path).tiles


def test_a_background_in_clear_is_refused_in_production(tmp_path: Path) -> None:
    asked = {
        "TILES_URL": "http://cartes.fr/{z}/{x}/{y}", "TILES_ATTRIBUTION": "© la ville"
    }  # fmt: skip
    read(tmp_path, **asked)

    (problem,) = problems(tmp_path, EVENTAIL_ENV="production", SECRET_KEY=STRONG_KEY, **asked)

    assert problem == "TILES_URL doit commencer par https:// en production."


def test_an_authority_without_https_is_refused(tmp_path: Path) -> None:
    authority = tmp_path / "ca.pem"
    authority.touch()
    chosen = {"ELASTICSEARCH_CA": str(authority), "ELASTICSEARCH_URL": "https://a:9200"}
    assert read(tmp_path, **chosen).elasticsearch_ca == authority

    chosen["ELASTICSEARCH_URL"] += ",http://b:9200"
    (problem,) = problems(tmp_path, **chosen)

    assert "ELASTICSEARCH_CA" in problem


def test_a_data_directory_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    (problem,) = problems(tmp_path, EVENTAIL_DATA_DIR=str(tmp_path / "file" / "var"))

    assert "EVENTAIL_DATA_DIR" in problem


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("SECRET_KEY", "", id="no-key"),
        pytest.param("SECRET_KEY", "court", id="short-key"),
        pytest.param("RATE_LIMITS", "off", id="no-limits"),
        pytest.param("DATABASE_URL", "sqlite://", id="memory"),
        pytest.param("GEOCODER_URL", "http://example.org", id="addresses-in-clear"),
        pytest.param("WIDGET_SITES", "http://localhost:3000", id="frame-on-this-machine"),
    ],
)
def test_production_refuses_what_development_accepts(tmp_path: Path, name: str, value: str) -> None:
    read(tmp_path, **{name: value})

    (problem,) = problems(
        tmp_path, **({"EVENTAIL_ENV": "production", "SECRET_KEY": STRONG_KEY} | {name: value})
    )

    assert name in problem


@pytest.mark.parametrize("environment", list(Environment))
def test_every_site_may_show_the_search_when_it_is_written(
    tmp_path: Path, environment: Environment
) -> None:
    settings = read(tmp_path, EVENTAIL_ENV=environment, SECRET_KEY=STRONG_KEY, WIDGET_SITES=" * ")

    assert settings.widget_sites == (EVERY_SITE,)


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        EVENTAIL_ENV="production",
        RATE_LIMITS="off",
        DATABASE_URL="mysql://u:hunter2@db/e",
        SEARCH_ENGINE="elasticsearch",
        MAIL_URL="mail",
    )

    names = ("DATABASE_URL", "ELASTICSEARCH_URL", "RATE_LIMITS", "SECRET_KEY", "MAIL_URL")
    assert len(found) == len(names)
    assert all(any(name in problem for problem in found) for name in names)
    assert "hunter2" not in str(ConfigurationError(found))


def test_a_territory_can_be_chosen_by_name_from_the_root(tmp_path: Path) -> None:
    (tmp_path / "b.toml").touch()
    (tmp_path / "a.toml").touch()

    settings = read(tmp_path, TERRITOIRE=f"{tmp_path}/*.toml")

    assert settings.territoires == (tmp_path / "a.toml", tmp_path / "b.toml")


def test_the_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first = read(tmp_path).secret_key
    kept = tmp_path / SECRET_KEY_FILE

    assert re.fullmatch(r"[0-9a-f]{64}", first)
    assert read(tmp_path).secret_key == first
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [SECRET_KEY_FILE]


def test_workers_that_start_together_share_one_key(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as workers:
        keys = set(workers.map(key_in, [str(tmp_path)] * 12))

    assert len(keys) == 1


def test_a_damaged_key_is_told_rather_than_replaced(tmp_path: Path) -> None:
    kept = tmp_path / SECRET_KEY_FILE
    kept.write_text("abc", encoding="ascii")

    (problem,) = problems(tmp_path)

    assert str(kept) in problem
    assert kept.read_text(encoding="ascii") == "abc"

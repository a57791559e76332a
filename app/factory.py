"""Makes the web application: settings, logs, database version, commands, pages and API."""

import os

from flask import Flask
from sqlalchemy import text
from werkzeug.middleware.proxy_fix import ProxyFix

from app.cli.campagnes import campagnes_commands
from app.cli.catalogue import catalogue_commands
from app.cli.comptes import comptes_commands
from app.cli.index import index_commands
from app.cli.match import match_command
from app.cli.seed import database_commands, seed_commands
from app.composition import Composition
from app.config import Settings
from app.domain.errors import CatalogueError, IndexRefused, IndexUnavailable
from app.observability import (
    ReadinessCheck,
    add_gauge,
    install_observability,
    record_search,
)
from app.persistence import schema
from app.persistence.database import reading
from app.web.espace.install import install_espace
from app.web.install import install_web


def create_app(settings: Settings | None = None) -> Flask:
    """Returns the application; a SQLite database is created or migrated first."""
    settings = settings or Settings.from_environ(os.environ)
    app = Flask("app", template_folder="web/templates", static_folder="web/static")
    composition = Composition(
        settings,
        lambda operation, seconds: record_search(app, settings.search_engine, operation, seconds),
    )
    app.config.update(SECRET_KEY=settings.secret_key)
    database = composition.database_of_any_version
    app.extensions["after_fork"] = [lambda: database.dispose(close=False)]
    install_observability(
        app,
        _checks(composition),
        {
            "changements_en_attente": lambda: composition.outbox.depth(),
            "attente_en_secondes": lambda: round(composition.outbox.age_seconds(), 1),
        },
        production=settings.is_production,
    )
    add_gauge(
        app,
        "eventail_outbox_depth",
        "Changes of the catalogue that the index has not taken in yet.",
        lambda: float(composition.outbox.depth()),
    )
    add_gauge(
        app,
        "eventail_outbox_age_seconds",
        "How long the oldest of these changes has been waiting.",
        lambda: composition.outbox.age_seconds(),
    )
    add_gauge(
        app,
        "eventail_signalements_ouverts",
        "Reports of readers that nobody has handled yet.",
        lambda: float(composition.signalements.count_open()),
    )
    app.cli.add_command(match_command(composition))
    for make_group in (
        campagnes_commands,
        catalogue_commands,
        comptes_commands,
        index_commands,
        seed_commands,
        database_commands,
    ):
        app.cli.add_command(make_group(composition))
    if database.dialect.name == "sqlite":
        schema.upgrade(database)
    install_web(app, lambda: composition.catalogue, settings)
    install_espace(app, lambda: composition.espace, production=settings.is_production)
    if proxies := settings.trusted_proxies:
        # Without it, everybody has the proxy's address and shares its rate limits.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]  # Flask's own way
    return app


def _checks(composition: Composition) -> tuple[ReadinessCheck, ...]:
    def database_fault() -> str | None:
        try:
            schema.require_current(composition.database_of_any_version)
            with reading(composition.database_of_any_version) as connection:
                connection.execute(text("SELECT 1"))
        except CatalogueError:
            return "base de données à une autre version"
        return None

    def index_fault() -> str | None:
        try:
            is_ready = composition.sync.is_ready()
        except IndexRefused:
            return "accès au moteur de recherche refusé : lancez « flask index check »"
        except IndexUnavailable:
            return "moteur de recherche injoignable"
        return None if is_ready else "index absent ou d’une autre version"

    return (
        ReadinessCheck(name="base", find_fault=database_fault),
        ReadinessCheck(name="index", find_fault=index_fault),
    )

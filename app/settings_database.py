"""The address of the database, as a setting gives it."""

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError


def database_address(
    text: str | None, data_dir: Path, *, in_production: bool
) -> tuple[str, str | None]:
    """Returns the address to open, and in French what is wrong with it if anything is.

    Without one, it is a file of the data directory.
    """
    if text is None:
        path = str(data_dir / "eventail.sqlite3")
        return URL.create("sqlite", database=path).render_as_string(hide_password=False), None
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        return "", (
            "DATABASE_URL est illisible : écrivez par exemple "
            "postgresql://utilisateur:mot-de-passe@serveur/eventail."
        )
    backend = url.drivername.partition("+")[0]
    if backend in {"postgres", "postgresql"}:
        psycopg = url.set(drivername="postgresql+psycopg")
        return psycopg.render_as_string(hide_password=False), None
    if backend != "sqlite":
        return text, "DATABASE_URL doit commencer par postgresql:// ou sqlite:///."
    if in_production and url.database in {None, "", ":memory:"}:
        return text, (
            "DATABASE_URL désigne une base en mémoire, perdue à chaque arrêt : "
            "en production, indiquez un fichier ou postgresql://…."
        )
    return text, None

"""Turns what can go wrong in a command into one French sentence and an exit code."""

import errno
import functools
import sqlite3
from collections.abc import Callable
from typing import IO, Any, TypeVar

import click
from sqlalchemy.exc import DBAPIError

from app.config import ConfigurationError
from app.domain.errors import (
    CatalogueError,
    CatalogueUnavailable,
    EngineUnavailable,
    IndexIncomplete,
    IndexRefused,
    IndexUnavailable,
    SignalementInconnu,
)
from app.domain.feeds import FeedUnreadable
from app.persistence.schema import DatabaseTooNew, DatabaseTooOld

F = TypeVar("F", bound=Callable[..., Any])

FEED_FAULTS = {
    "gzip_tronque": "le fichier compressé est incomplet ou abîmé. Téléchargez-le à nouveau.",
    "encodage": "le fichier n’est pas en UTF-8. Enregistrez-le en UTF-8 (dans un tableur : "
    "« CSV UTF-8 »), puis recommencez.",
    "csv": "les guillemets du CSV ne se ferment pas. Vérifiez le fichier.",
    "fichier_illisible": "le fichier n’existe pas ou ne peut pas être lu. Vérifiez son chemin.",
    "vide": "le fichier est vide.",
    "json_tronque": "le tableau JSON s’arrête avant sa fin. Téléchargez le fichier à nouveau.",
    "json": "le tableau JSON est mal écrit. Vérifiez le fichier.",
    "objet_seul": "il faut un tableau JSON (« [ … ] ») ou une fiche par ligne, pas un objet seul.",
    "ligne_trop_longue": "une ligne dépasse 5 Mo. Vérifiez le fichier.",
    "forme_inconnue": "ce n’est ni du JSON ni un CSV avec une colonne « id ».",
}


class Failure(click.ClickException):
    """A sentence on the error stream, and exit code 1."""

    def show(self, file: IO[str] | None = None) -> None:
        """Writes the sentence."""
        click.echo(f"Erreur : {self.message}", file=file, err=file is None)


def explained(command: F) -> F:
    """Runs a command; a failure that we know becomes a sentence, never a stack trace."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except (
            CatalogueError,
            ConfigurationError,
            DBAPIError,
            sqlite3.Error,
            OSError,
        ) as exc:
            raise Failure(explain(exc)) from exc

    return run  # type: ignore[return-value]  # functools.wraps keeps the signature


def explain(exc: Exception) -> str:
    """Returns the sentence of a failure."""
    match exc:
        case FeedUnreadable():
            kept = "Le reste du flux a été lu. Corrigez ce fichier, puis relancez la commande."
            return f"{exc.fichier} : {FEED_FAULTS[exc.motif]} {kept}"
        case DatabaseTooNew():
            return (
                f"La base de données vient d’une version plus récente d’Éventail "
                f"({exc.version}). Mettez le logiciel à jour, ou restaurez une sauvegarde."
            )
        case DatabaseTooOld():
            return "La base de données n’est pas à jour. Lancez « flask db upgrade »."
        case EngineUnavailable():
            return "L’index de recherche n’est pas prêt. Lancez « flask index drain »."
        case IndexRefused():
            return f"{INDEX_REFUSALS[exc.motif]} {KEPT}"
        case IndexUnavailable():
            return INDEX_LATE
        case IndexIncomplete():
            return (
                f"L’index refait ne tient pas toutes les fiches ({exc}) : l’ancien reste en "
                "service. Relancez la commande."
            )
        case SignalementInconnu():
            return (
                f"Aucun signalement ne porte le numéro {exc.numero}. « flask catalogue "
                "signalements » donne les numéros de ceux qui sont à traiter."
            )
        case CatalogueUnavailable() if isinstance(exc.__cause__, DBAPIError):
            return explain(exc.__cause__)
        case DBAPIError():
            return _explain_database(str(exc.orig))
        case sqlite3.Error():
            return _explain_database(str(exc))
        case OSError() if exc.errno == errno.ENOSPC:
            return DISK_FULL
        case OSError():
            return f"{exc.filename or 'Fichier'} : {exc.strerror or 'lecture impossible'}."
        case _:
            return str(exc)


DISK_FULL = (
    "Le disque est plein : rien n’est perdu de ce qui était enregistré. Libérez de la place, "
    "puis relancez la même commande."
)

KEPT = (
    "Rien n’est perdu : les changements attendent dans la base. Quand il répondra, « flask index "
    "drain » les y portera."
)

INDEX_LATE = f"Le moteur de recherche ne répond pas. {KEPT}"

INDEX_REFUSALS = {
    "certificate": "Le certificat du moteur de recherche n’est pas signé par une autorité connue. "
    "Donnez dans ELASTICSEARCH_CA le certificat de l’autorité qui signe ceux des nœuds.",
    "password": "Le moteur de recherche refuse l’utilisateur ou son mot de passe. Corrigez "
    "ELASTICSEARCH_URL (https://utilisateur:mot-de-passe@serveur:9200).",
    "rights": "L’utilisateur du moteur de recherche n’a pas les droits nécessaires. Donnez-lui le "
    "rôle décrit dans deploy/elasticsearch/role.json, qui vaut pour ELASTICSEARCH_INDEX=offres.",
}


def _explain_database(text: str) -> str:
    if "full" in text or "No space" in text or "disk I/O" in text:
        return DISK_FULL
    if "locked" in text:
        return "La base de données est occupée par un autre programme. Réessayez dans un instant."
    if "not a database" in text or "malformed" in text:
        return "Le fichier de la base de données est abîmé. Restaurez une sauvegarde."
    if "unable to open" in text or "readonly" in text:
        return "Le dossier de données ne peut pas être écrit. Vérifiez EVENTAIL_DATA_DIR."
    return "La base de données ne répond pas. Vérifiez DATABASE_URL et que le serveur tourne."

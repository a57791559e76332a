"""The journal of sensitive actions, for an administrator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.clock import PARIS
from app.domain.journal import DUREE_JOURNAL, PAR_PAGE, Filtre, Ligne, Sensible
from app.web.auth.session import current_acteur, current_espace
from app.web.espace.fiche_form import Faute
from app.web.espace.historique import moment_fr
from app.web.espace.nombres import asked
from app.web.espace.reglages import Fautes
from app.web.public.search_form import SearchForm
from app.web.public.typographie import typo

LIBELLES = {
    Sensible.CONNEXION: "Connexion",
    Sensible.CONNEXION_REFUSEE: "Connexion refusée",
    Sensible.DECONNEXION: "Déconnexion",
    Sensible.COMPTE_CREE: "Compte créé",
    Sensible.COMPTE_CHANGE: "Compte changé",
    Sensible.COMPTE_FERME: "Compte fermé",
    Sensible.COMPTE_ROUVERT: "Compte rouvert",
    Sensible.COMPTE_INVITE: "Lien de connexion envoyé à un compte",
    Sensible.MOT_DE_PASSE_CHOISI: "Mot de passe choisi",
    Sensible.MOT_DE_PASSE_RETIRE: "Mot de passe retiré",
    Sensible.SESSION_FERMEE: "Autre session fermée",
    Sensible.IDENTITE_ASSOCIEE: "Identité ProConnect associée",
    Sensible.IDENTITE_DISSOCIEE: "Identité ProConnect dissociée",
    Sensible.ADHESION_DEMANDEE: "Adhésion demandée",
    Sensible.ADHESION_ADMISE: "Adhésion admise",
    Sensible.ADHESION_RETIREE: "Adhésion retirée ou refusée",
    Sensible.INVITATION: "Invitation envoyée à une structure",
    Sensible.PROPOSITION_ACCEPTEE: "Proposition acceptée",
    Sensible.PROPOSITION_REFUSEE: "Proposition refusée",
    Sensible.RETRAIT: "Fiche retirée",
    Sensible.REMISE_EN_LIGNE: "Fiche remise en ligne",
    Sensible.RESTAURATION: "Version restaurée",
    Sensible.FICHES_REUNIES: "Fiches réunies",
    Sensible.FICHES_SEPAREES: "Fiches séparées",
    Sensible.REGLAGE: "Réglage d’un territoire",
    Sensible.CLE_CREEE: "Clé créée",
    Sensible.CLE_REVOQUEE: "Clé révoquée",
    Sensible.DROIT_REFUSE: "Droit refusé",
}
JOURS = {"depuis": "Du", "jusqu_a": "Au"}
MAX_TYPED = 600  # characters of a filter: an id of a listing has 512 bytes at most


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneLue:
    """A line, as it is read."""

    quand: str
    auteur: str
    action: str
    objet: str
    details: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Champs:
    """The filters as they were typed, and what is wrong with a day."""

    action: str
    auteur: str
    objet: str
    depuis: str
    jusqu_a: str
    fautes: Mapping[str, str]


def journal() -> ResponseReturnValue:
    """The newest lines first, filtered; the address holds numbers and codes only."""
    filtre, champs = _asked()
    found = current_espace().journal.read(current_acteur(), filtre) if not champs.fautes else ()
    body = render_template(
        "espace/journal.html",
        lignes=[ligne_lue(ligne) for ligne in found],
        champs=champs,
        fautes=Fautes(
            fautes=[
                Faute(champ=nom, libelle=JOURS[nom], ancre=nom, message=typo(message))
                for nom, message in champs.fautes.items()
            ]
        ),
        actions=[(action.value, libelle) for action, libelle in LIBELLES.items()],
        suite=found[-1].id if len(found) == PAR_PAGE else None,
        mois=DUREE_JOURNAL.days // 30,
        form=SearchForm(),
    )
    return body, 400 if champs.fautes else 200


def ligne_lue(ligne: Ligne) -> LigneLue:
    """Returns a line as it is read; an account stays a number."""
    return LigneLue(
        quand=moment_fr(ligne.quand),
        auteur=ligne.auteur,
        action=LIBELLES[ligne.action],
        objet=ligne.objet or "",
        details=", ".join(f"{name} {value}" for name, value in ligne.details.items()),
    )


def _asked() -> tuple[Filtre, Champs]:
    names = ("action", "auteur", "objet", "depuis", "jusqu_a")
    typed = {name: request.args.get(name, "").strip()[:MAX_TYPED] for name in names}
    days = {name: _day(typed[name]) for name in ("depuis", "jusqu_a")}
    fautes = {
        name: "Écrivez une date : AAAA-MM-JJ."
        for name, day in days.items()
        if typed[name] and day is None
    }
    until = days["jusqu_a"]
    filtre = Filtre(
        action=Sensible(typed["action"]) if typed["action"] in _known() else None,
        auteur=_auteur(typed["auteur"]),
        objet=typed["objet"] or None,
        depuis=_midnight(days["depuis"]),
        jusqu_a=_midnight(until + timedelta(days=1)) if until else None,
        avant=asked("avant"),
    )
    return filtre, Champs(fautes=fautes, **typed)


def _known() -> Sequence[str]:
    return [action.value for action in Sensible]


def _auteur(typed: str) -> str | None:
    """Returns an author as lines name it; a number alone is that of an account."""
    return (f"compte:{typed}" if typed.isdecimal() else typed) or None


def _day(typed: str) -> date | None:
    try:
        read = date.fromisoformat(typed)
    except ValueError:
        return None
    return read if date(2000, 1, 1) <= read < date(2100, 1, 1) else None


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, PARIS) if day else None

"""The history of a listing: who changed what, when, before and after, in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.clock import PARIS
from app.domain.comptes import compte_id_of
from app.domain.dates_champs import DateChamp, dates_of
from app.domain.edition import Changes, Fiche, Revision
from app.domain.regles import EtatRegles, Regles, regles_from_json
from app.domain.vocabulaire import EtatPublication
from app.domain.wording import Voix, Wording
from app.hours.week import Feries
from app.hours.week_reading import read_week
from app.web.auth.session import current_espace
from app.web.espace.champs import Champ, Sorte, champs_of
from app.web.espace.lecteur import current_lecteur
from app.web.espace.saisie import is_filled, sections_of
from app.web.public.conditions import conditions_of
from app.web.public.horaires import hours_in_words
from app.web.public.typographie import NBSP, date_fr, partial_date_fr, typo

ACTIONS = {
    "creation": "Création",
    "modification": "Modification",
    "retrait": "Retrait",
    "publication": "Remise en ligne",
    "confirmation": "Confirmation : rien n’a changé",
    "regles": "Règles confirmées",
    "fusion": "Réunie avec une autre fiche",
    "separation": "Séparée d’une autre fiche",
}
OTHER_FIELDS = {
    "date_maj": "Date de mise à jour",
    "derniere_confirmation": "Dernière confirmation",
    "etat_publication": "État",
    "eligibilite": "Conditions à remplir",
    "regles": "Origine des conditions",
    "code_insee": "Code de la commune",
    "lien_source": "Fiche d’origine",
}
ETATS = {
    EtatPublication.PUBLIE: "en ligne",
    EtatPublication.A_MODERER: "à modérer",
    EtatPublication.RETIRE: "retirée",
}
NOTHING = "rien"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field before and after, in words."""

    champ: str
    avant: str
    apres: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ligne:
    """One revision, as it is read."""

    id: int
    quand: str
    auteur: str
    action: str
    changes: Sequence[Change]
    mention: str | None


def lignes_of(fiche: Fiche, revisions: Sequence[Revision]) -> Iterator[Ligne]:
    """Yields each revision, as it is read."""
    names = names_of([revision.auteur for revision in revisions])
    for revision in revisions:
        yield Ligne(
            id=revision.id,
            quand=moment_fr(revision.quand),
            auteur=names[revision.auteur],
            action=ACTIONS.get(revision.action, revision.action),
            changes=list(changes_in_words(fiche, revision.changes)),
            mention=revision.mention,
        )


def moment_fr(quand: datetime) -> str:
    """Returns an instant as it is read in Paris."""
    local = quand.astimezone(PARIS)
    return f"{date_fr(local.date())}, {local:%H}{NBSP}h{NBSP}{local:%M}"


def dates_in_words(dates: Mapping[str, DateChamp]) -> dict[str, str]:
    """Returns when each field last changed or was confirmed, as it is read."""
    return {
        champ: f"{'Confirmé' if date.is_confirmed else 'Modifié'} le "
        f"{date_fr(date.quand.astimezone(PARIS).date())}"
        for champ, date in dates.items()
    }


def dates_of_fiche(fiche: Fiche, revisions: Sequence[Revision]) -> Sequence[tuple[str, str]]:
    """Returns each field that says something, and when it last changed or was confirmed."""
    champs = champs_of(sections_of(fiche.value))
    said = current_lecteur().shown(fiche.value)
    dates = dates_in_words(dates_of(revisions, [champ.nom for champ in champs]))
    return [
        (champ.libelle, dates[champ.nom])
        for champ in champs
        if champ.nom in dates and is_filled(said, champ)
    ]


def names_of(auteurs: Iterable[str]) -> dict[str, str]:
    """Returns how each author of a change is named: never by an address."""
    asked = sorted(set(auteurs))
    ids = [ident for auteur in asked if (ident := compte_id_of(auteur)) is not None]
    names = current_espace().comptes.names(ids)
    return {auteur: _author(auteur, names) for auteur in asked}


def _author(auteur: str, names: Mapping[int, str]) -> str:
    kind, _, rest = auteur.partition(":")
    match kind:
        case "compte":
            return names.get(int(rest), "") or f"compte n° {rest}"
        case "boite":
            return "la boîte aux lettres de la structure"
        case "import":
            return f"la source {rest}" if rest else "une source de données"
    return auteur


def changes_in_words(fiche: Fiche, changes: Changes) -> Iterator[Change]:
    """Yields each field before and after, in words."""
    champs = {champ.nom: champ for champ in champs_of(sections_of(fiche.value))}
    for nom, (before, after) in changes.items():
        champ = champs.get(nom)
        if champ is None and nom not in OTHER_FIELDS:
            continue
        libelle = champ.libelle if champ else OTHER_FIELDS[nom]
        yield Change(
            champ=libelle, avant=_words(nom, champ, before), apres=_words(nom, champ, after)
        )


def regles_in_words(regles: Regles) -> str:
    """Returns where rules come from, and who vouches for them."""
    said = f"{regles.source}, lu le {date_fr(regles.lue_le)}"
    if regles.etat is EtatRegles.A_CONFIRMER:
        return f"{said} ; à confirmer"
    par = f" par la coordination « {regles.confirmees_par} »" if regles.confirmees_par else ""
    le = f" le {date_fr(regles.confirmees_le)}" if regles.confirmees_le else ""
    return typo(f"{said} ; confirmées{par}{le}")


def _hours_in_words(text: str) -> str:
    """Returns hours as the public sheet says them; what it cannot tell stays as it is."""
    week = read_week(text)
    said = [f"{one.days} : {one.hours}" for one in hours_in_words(text)]
    # The sheet does not say it: here, two weeks that differ must not look alike.
    if said and week is not None and week.feries is Feries.FERMES:
        said.append("Jours fériés : fermé")
    return typo(" ; ".join(said)) or text


def _words(nom: str, champ: Champ | None, value: Any) -> str:
    """Returns a value as a reader says it."""
    if value is None or value == []:
        return NOTHING
    catalogue = current_espace().catalogue
    if nom == "etat_publication":
        return ETATS.get(value, str(value))
    if nom in ("date_maj", "derniere_confirmation", "prochaine_session"):
        return partial_date_fr(str(value))
    if champ is not None and champ.sorte is Sorte.ARBRE:
        wording = Wording(catalogue.vocabulaire, catalogue.geographie, Voix.VOUS)
        said = [condition.as_text() for condition in conditions_of(value, wording)]
        return " ".join([*said, *value.get("a_verifier", ())]) or NOTHING
    if champ is not None and champ.sorte is Sorte.HORAIRES:
        return _hours_in_words(str(value))
    if nom == "regles":
        return regles_in_words(regles_from_json(value))
    if champ is not None and champ.sorte is Sorte.LIEUX:
        return current_lecteur().noms.text(value).replace("\n", " ; ")
    if champ is not None and champ.sorte is Sorte.APPORTE:
        faits = catalogue.vocabulaire.faits
        return " ; ".join(faits[a["fait"]].libelles.get(a["valeur"], a["valeur"]) for a in value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if champ is not None and champ.referentiel:
        values = value if isinstance(value, list) else [value]
        return " ; ".join(catalogue.vocabulaire.libelle(champ.referentiel, v) for v in values)
    if isinstance(value, list):
        return " ; ".join(map(str, value))
    if isinstance(value, dict):
        return " ; ".join(str(part) for part in value.values() if part)
    return str(value)

"""The form of a listing as a template shows it: what is typed, what to choose, what is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from flask import url_for
from marshmallow import ValidationError

from app.domain.edition import Fiche, Tenue
from app.domain.vocabulaire import Fait, Nature, Vocabulaire, categorie_of
from app.hours.week import JOURS
from app.web.espace.arbre_saisie import Branche, Ecrit, Genre
from app.web.espace.champs import Champ, Section, champs_of
from app.web.espace.historique import OTHER_FIELDS
from app.web.espace.horaires_saisie import FERIES, exception_lines, is_week, spans_of
from app.web.espace.saisie import A_VERIFIER, SEPARATOR, Saisie, is_filled
from schemas.problem import erreurs_of

GENRES = {
    Genre.TOUTES: "Toutes ces conditions à la fois",
    Genre.UNE_PARMI: "L’une de ces conditions suffit",
    Genre.AUCUNE: "Aucune de ces situations",
}
FACTS_OF_ORIGIN = {
    "situation": "Situation",
    "emploi": "Emploi",
    "formation": "Formation",
    "logement": "Logement",
    "sante": "Santé",
    "mobilite": "Mobilité",
    "garde-enfants": "Garde d’enfants",
    "numerique": "Numérique",
    "droits-budget": "Droits et budget",
    "francais": "Français",
    "famille": "Famille",
    "justice": "Justice",
    "sejour": "Séjour",
}
OTHER = "Autres"
# Fields that stand beside their neighbour where there is room.
COURTS = frozenset(
    (
        "code_postal",
        "commune",
        "latitude",
        "longitude",
        "telephone",
        "courriel",
        "places_disponibles",
        "prochaine_session",
        "volume_horaire_hebdomadaire",
        "nombre_semaines",
    )
)


LONGS = frozenset(("langues", "reseaux-porteurs"))  # lists of a hundred values


@dataclass(frozen=True, slots=True, kw_only=True)
class Faute:
    """What is wrong with a field: `ancre` is the element of the page where it is mended."""

    champ: str
    libelle: str
    ancre: str
    message: str


@dataclass(frozen=True, slots=True)
class Choix:
    """One value that may be chosen."""

    valeur: str
    libelle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Groupe:
    """Values under one heading; `is_open` when one of them is chosen."""

    titre: str
    choix: Sequence[Choix]
    is_open: bool = False


@dataclass(frozen=True, kw_only=True)
class FicheForm:
    """A form to be shown. `base` is the newest revision that its reader has seen."""

    fiche: Fiche
    sections: Sequence[Section]
    saisie: Saisie
    vocabulaire: Vocabulaire
    base: int
    fautes: Sequence[Faute] = ()
    tenues: Mapping[str, Tenue] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    """When each field last changed or was confirmed, in words."""
    historique: str = ""
    """Where what its source says otherwise is settled; empty for who may not."""
    is_published_at_once: bool = True
    """False: what is sent waits for moderation."""

    @property
    def is_new(self) -> bool:
        """True for a listing that does not exist yet."""
        return self.fiche.is_new

    @property
    def action(self) -> str:
        """Where the form is sent."""
        if self.fiche.is_new_structure:
            return url_for("espace.creer_structure")
        if self.is_new:
            return url_for("espace.creer_offre", identifiant=self.fiche.structure.id)
        ref = self.fiche.ref
        return url_for(f"espace.enregistrer_{ref.objet}", identifiant=ref.id)

    def date_of(self, champ: Champ) -> str:
        """Returns when a field was last known to be right; an empty one has nothing to tell."""
        return self.dates.get(champ.nom, "") if is_filled(self.saisie, champ) else ""

    @property
    def has_more_hours(self) -> bool:
        """True when the hours say more than a week, or say it wrongly."""
        more = ("horaires.feries", "horaires.commentaire", "horaires.exceptions")
        is_said = any(self.saisie.fields.get(name, "").strip() for name in more)
        return (
            is_said or bool(self.exceptions) or any(f.ancre.startswith(more) for f in self.fautes)
        )

    @property
    def courts(self) -> frozenset[str]:
        """The fields that stand beside their neighbour."""
        return COURTS

    def text(self, champ: Champ) -> str:
        """Returns what is typed in a field."""
        return self.saisie.fields.get(champ.nom, "")

    def chosen(self, champ: Champ) -> Sequence[str]:
        """Returns the boxes that are ticked."""
        return self.saisie.fields.getlist(champ.nom)

    def choix(self, champ: Champ) -> Sequence[Choix]:
        """Returns the values of a list."""
        termes = self.vocabulaire.referentiels[champ.referentiel]
        return [Choix(valeur, terme.libelle) for valeur, terme in termes.items()]

    def groupes(self, champ: Champ) -> Sequence[Groupe]:
        """Returns the values of a long list folded, under its categories for thématiques."""
        chosen = frozenset(self.chosen(champ))
        if champ.referentiel in LONGS:
            return [Groupe(titre="Choisir", choix=self.choix(champ), is_open=bool(chosen))]
        if champ.referentiel != "thematiques":
            return ()
        return [
            Groupe(
                titre=self.vocabulaire.libelle("categories", categorie),
                choix=(members := list(choix)),
                is_open=any(one.valeur in chosen for one in members),
            )
            for categorie, choix in groupby(self.choix(champ), lambda one: categorie_of(one.valeur))
        ]

    @property
    def apports(self) -> Sequence[Groupe]:
        """What an offer may give: the facts that can be obtained, by fact."""
        chosen = frozenset(self.saisie.fields.getlist("apporte"))
        groupes = []
        for fait in self.vocabulaire.faits.values():
            choix = [
                Choix(box, fait.libelles.get(valeur, valeur))
                for valeur in fait.valeurs
                for box in [f"{fait.cle}{SEPARATOR}{valeur}"]
                # What an offer already gives stays a box, even when nothing else could give it.
                if fait.is_acquerable(valeur) or box in chosen
            ]
            if choix:
                is_open = any(one.valeur in chosen for one in choix)
                groupes.append(Groupe(titre=fait.libelle, choix=choix, is_open=is_open))
        return groupes

    @property
    def faits(self) -> Sequence[Groupe]:
        """The facts that a condition may be about, by domain."""
        by_domain: dict[str, list[Choix]] = {}
        for fait in self.vocabulaire.faits.values():
            titre = FACTS_OF_ORIGIN.get(fait.domaine or "", OTHER)
            by_domain.setdefault(titre, []).append(Choix(fait.cle, fait.libelle))
        return [Groupe(titre=titre, choix=choix) for titre, choix in by_domain.items()]

    def fait(self, branche: Branche) -> Fait | None:
        """Returns the fact of a condition, None until it is chosen."""
        return self.vocabulaire.faits.get(branche.fait)

    def valeurs(self, fait: Fait) -> Sequence[Choix]:
        """Returns the values of a fact that has a list of them."""
        return [Choix(valeur, fait.libelles.get(valeur, valeur)) for valeur in fait.valeurs]

    def places(self, branche: Branche) -> str:
        """Returns the places of a condition, one a line: answers about another fact are none."""
        known = self.vocabulaire.faits.values()
        answers = {valeur for fait in known for valeur in fait.valeurs}
        return "\n".join(text for text in branche.parmi if text not in answers)

    @property
    def jours(self) -> Sequence[str]:
        """The days of the week."""
        return JOURS

    @property
    def feries(self) -> Mapping[str, str]:
        """What may be said of public holidays."""
        return FERIES

    @property
    def exceptions(self) -> Sequence[int]:
        """The lines of exceptions that are shown."""
        return exception_lines(self.saisie.fields)

    def plages(self, jour: str) -> Sequence[int]:
        """Returns the spans of a day that are shown."""
        return spans_of(self.saisie.fields, jour)

    @property
    def is_week(self) -> bool:
        """True when the hours are shown as a week, False as a text."""
        return is_week(self.saisie.fields)

    @property
    def genres(self) -> Mapping[Genre, str]:
        """What a group of conditions may mean."""
        return GENRES

    @property
    def natures(self) -> type[Nature]:
        """The natures of facts, which decide how their values are filled in."""
        return Nature

    def is_shown(self, faute: Faute) -> bool:
        """True when what is wrong is in the page: some of a listing is not typed."""
        return any(champ.nom == faute.champ for champ in champs_of(tuple(self.sections)))

    def fautes_of(self, ancre: str) -> Sequence[Faute]:
        """Returns what is wrong at one element of the page."""
        return self._fautes_by_ancre.get(ancre, ())

    @cached_property
    def _fautes_by_ancre(self) -> Mapping[str, Sequence[Faute]]:
        found: dict[str, list[Faute]] = {}
        for faute in self.fautes:
            found.setdefault(faute.ancre, []).append(faute)
        return found


def fautes_of(
    error: ValidationError, sections: Sequence[Section], trees: Mapping[str, Ecrit]
) -> list[Faute]:
    """Returns the faults of the schema at the fields of the form."""
    libelles = {champ.nom: champ.libelle for champ in champs_of(tuple(sections))}
    return [
        Faute(
            champ=champ,
            libelle=libelles.get(champ) or OTHER_FIELDS.get(champ, champ),
            ancre=_ancre(champ, path, trees),
            message=message,
        )
        for champ, path, message in _flat(error)
    ]


def in_order(fautes: Sequence[Faute], sections: Sequence[Section]) -> list[Faute]:
    """Returns faults in the order of the fields of the page."""
    ranks = {champ.nom: rank for rank, champ in enumerate(champs_of(tuple(sections)))}
    return sorted(fautes, key=lambda faute: ranks.get(faute.champ, len(ranks)))


def _flat(error: ValidationError) -> Iterator[tuple[str, str, str]]:
    """Yields the field, the path inside it, and the message of each fault."""
    messages = error.messages if isinstance(error.messages, dict) else {"": error.messages}
    for champ, said in messages.items():
        shown = FIELD_OF.get(champ, champ)
        if isinstance(said, Mapping):
            for path, message in said.items():
                own = A_VERIFIER if ".a_verifier" in str(path) else shown
                for erreur in erreurs_of([message]):
                    yield own, str(path), erreur.message
        else:
            for erreur in erreurs_of(said):
                yield shown, "", erreur.message


# Faults of what is not typed are shown where they can be mended.
FIELD_OF = {"code_insee": "commune"}


def _ancre(champ: str, path: str, trees: Mapping[str, Ecrit]) -> str:
    tree = trees.get(champ)
    return (tree.chemin_of(path) if tree is not None and path else None) or champ

"""What the form of a listing looks like from afar: its sections, and what each still needs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.web.espace.champs import Champ, Section
from app.web.espace.fiche_form import Faute
from app.web.espace.saisie import Saisie, is_filled
from app.web.public.typographie import counted

# What a section is expected to say: the criteria of quality (`app.domain.ranking.qualite_part`),
# and what the schema requires. One of the fields of a line is enough.
ATTENDUS: Mapping[str, Sequence[Sequence[str]]] = {
    "essentiel": (("nom",), ("description",), ("thematiques", "siret", "reseaux_porteurs")),
    "pour-qui": (("publics",),),
    "frais": (("frais",),),
    "lieu": (("modes_accueil", "commune"),),
    "contact": (("telephone", "courriel", "lien_mobilisation"),),
    "demande": (("mobilisable_par",), ("modes_mobilisation",)),
}


# Few listings say these: they are folded until they hold something, or something wrong.
RARES = frozenset(
    (
        "complement_adresse",
        "adresse_confidentielle",
        "accessibilite_lieu",
        "conditions_acces",
        "publics_precisions",
        "prioritaires",
        "suppose",
        "zone_eligibilite",
        "mobilisation_precisions",
    )
)
SECTIONS_RARES = frozenset(("places",))


class Etat(StrEnum):
    """How far a section is."""

    ERREURS = "erreurs"
    A_COMPLETER = "a-completer"
    COMPLETE = "complete"
    FACULTATIVE = "facultative"


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneSommaire:
    """One section; `is_open` when its reader has something to see or to mend there.

    `rares` are the fields that are folded, unless `is_rares_open`.
    """

    section: Section
    etat: Etat
    libelle: str
    usuels: Sequence[Champ]
    rares: Sequence[Champ]
    is_foldable: bool
    is_open: bool
    is_rares_open: bool

    @property
    def rares_titre(self) -> str:
        """What the folded fields are about."""
        return f"Plus de précisions : {', '.join(champ.libelle for champ in self.rares)}"


def sommaire_of(
    sections: Sequence[Section], saisie: Saisie, fautes: Sequence[Faute]
) -> Sequence[LigneSommaire]:
    """Returns the state of each section."""
    return [_ligne(section, saisie, fautes) for section in sections]


def _ligne(section: Section, saisie: Saisie, fautes: Sequence[Faute]) -> LigneSommaire:
    wrong = {faute.champ for faute in fautes}
    own = {champ.nom for champ in section.champs}
    count = sum(faute.champ in own for faute in fautes)
    missing = list(_missing(section, saisie))
    rares = [champ for champ in section.champs if champ.nom in RARES]
    is_touched = any(is_filled(saisie, champ) for champ in section.champs)
    if count:
        etat, libelle = Etat.ERREURS, counted(count, "erreur")
    elif missing:
        etat, libelle = Etat.A_COMPLETER, "à compléter"
    elif is_touched or section.slug in ATTENDUS:
        etat, libelle = Etat.COMPLETE, "complet"
    else:
        etat, libelle = Etat.FACULTATIVE, "facultatif"
    return LigneSommaire(
        section=section,
        etat=etat,
        libelle=libelle,
        usuels=[champ for champ in section.champs if champ.nom not in RARES],
        rares=rares,
        is_foldable=section.slug in SECTIONS_RARES,
        is_open=section.slug not in SECTIONS_RARES or bool(count) or is_touched,
        is_rares_open=any(c.nom in wrong or is_filled(saisie, c) for c in rares),
    )


def _missing(section: Section, saisie: Saisie) -> Iterator[Sequence[str]]:
    """Yields what is expected and not typed, where the form has it."""
    own = {champ.nom: champ for champ in section.champs}
    for names in ATTENDUS.get(section.slug, ()):
        known = [own[name] for name in names if name in own]
        elsewhere = any(saisie.fields.get(name, "").strip() for name in names if name not in own)
        if known and not elsewhere and not any(is_filled(saisie, champ) for champ in known):
            yield names

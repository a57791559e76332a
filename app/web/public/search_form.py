"""The search form as a template shows it: values as typed, faults next to their fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from app.domain.demande import Demande
from app.domain.lieux import LieuSuggere, Lieux
from app.domain.noms import fold
from app.domain.portee import RADIUS_DEFAULT_KM
from app.domain.territoire import CodeInsee
from app.web.public.links import search_parameters
from app.web.public.typographie import number_fr
from schemas.problem import erreurs_of

FIELDS = {"q": "Quoi", "lieu": "Où", "rayon_km": "Rayon"}  # the fields of the search bar
_FACETS = ("thematiques", "publics", "types", "frais", "modes_accueil", "bassin")
# Typing other words means reading them anew: `tel_quel` is not carried by the form.
_SHOWN = (*FIELDS, *_FACETS, "moment", "tel_quel", "inclure_non_precises", "tri", "page")
_OTHER_NAMES = {
    "code_commune": "Commune",
    "thematiques": "Besoins",
    "publics": "Publics",
    "types": "Type d’aide",
    "frais": "Prix",
    "modes_accueil": "Sur place ou à distance",
    "territoire": "Territoire",
    "bassin": "Bassin",
    "inclure_non_precises": "Offres imprécises",
    "tri": "Ordre",
    "moment": "Quand",
    "tel_quel": "Mots exacts",
    "page": "Page",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One refused value: where the reader can mend it, and how."""

    champ: str
    nom: str
    message: str

    @property
    def anchor(self) -> str:
        """The id of the field, or of the whole form when the field is not shown."""
        return self.champ if self.champ in FIELDS else "recherche"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchForm:
    """The values of the search bar, and what the form carries unseen."""

    q: str = ""
    lieu: str = ""
    rayon_km: str = number_fr(RADIUS_DEFAULT_KM)
    hidden: Sequence[tuple[str, str]] = ()
    faults: Mapping[str, Sequence[Fault]] = field(default_factory=dict)

    @property
    def all_faults(self) -> tuple[Fault, ...]:
        """Every fault, for the summary."""
        return tuple(fault for found in self.faults.values() for fault in found)


def settled(demande: Demande, args: MultiDict[str, str], lieux: Lieux) -> Demande:
    """Forgets the commune once chosen when the place typed beside it is another one.

    The form carries the code of a chosen homonym unseen: typing elsewhere must win over it.
    """
    if demande.code_commune is None or "lieu" not in args:
        return demande
    if fold(demande.lieu) == fold(lieux.label(CodeInsee(demande.code_commune))):
        return demande
    return replace(demande, code_commune=None)


def form_of(demande: Demande, lieu: LieuSuggere | None) -> SearchForm:
    """Returns the form of a search that was understood."""
    chosen = lieu is not None and demande.code_commune is not None
    return SearchForm(
        q=demande.q,
        lieu=lieu.libelle if lieu is not None and chosen else demande.lieu,
        rayon_km=f"{demande.rayon_km or RADIUS_DEFAULT_KM:g}".replace(".", ","),
        hidden=[(n, value) for n, value in search_parameters(demande) if n not in _SHOWN],
    )


def form_with_faults(args: MultiDict[str, str], error: ValidationError) -> SearchForm:
    """Returns the form as it was sent, with its faults; a refused value unseen is not kept."""
    faults: dict[str, list[Fault]] = {}
    for erreur in erreurs_of(error.messages):
        champ = erreur.champ.partition(".")[0]  # a rank in a list says nothing to the reader
        nom = FIELDS.get(champ) or _OTHER_NAMES.get(champ, champ)
        faults.setdefault(champ, []).append(Fault(champ=champ, nom=nom, message=erreur.message))
    known = {*FIELDS, *_OTHER_NAMES, "lat", "lon", "structure_id"}
    return SearchForm(
        q=args.get("q", ""),
        lieu=args.get("lieu", ""),
        rayon_km=args.get("rayon_km", ""),
        hidden=[
            (name, value)
            for name, value in args.items(multi=True)
            if name in known - FIELDS.keys() - faults.keys() - {"page"}
        ],
        faults=faults,
    )

"""Filters with their counts, and the active ones as tags that can be removed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.demande import Demande
from app.domain.moments import MOMENTS
from app.domain.search import NON_PRECISE
from app.domain.territoire import Territoire
from app.domain.vocabulaire import Vocabulaire, categorie_of
from app.web.public.links import search_url
from app.web.public.typographie import counted
from app.web.public.words import REFERENTIELS, label_of

Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One box to tick."""

    value: str
    label: str
    count: int | None
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A category and its thématiques, folded unless something in it is ticked."""

    label: str
    count: int
    whole: Choice
    choices: Sequence[Choice]

    @property
    def checked(self) -> int:
        """How many boxes are ticked inside."""
        return sum(choice.checked for choice in (self.whole, *self.choices))


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One filter: its boxes and what the reader must know of it."""

    name: str
    label: str
    choices: Sequence[Choice]
    hint: str | None = None
    unsaid: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Every filter of a results page."""

    themes: Sequence[Theme]
    facets: Sequence[Facet]
    bassins: Sequence[tuple[str, Sequence[Choice]]]
    moments: Sequence[Choice]
    only_precise: bool
    tags: Sequence["Tag"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One active filter and the address of the search without it."""

    label: str
    url: str


FACETS = (
    ("publics", "Pour qui", "Les offres ouvertes à tous les publics restent affichées."),
    ("frais", "Prix", None),
    ("types", "Type d’aide", None),
    ("modes_accueil", "Sur place ou à distance", None),
)
_UNSAID = {"publics": "leur public", "frais": "leur prix"}


def filters_of(
    demande: Demande, counts: Counts, vocabulaire: Vocabulaire, territoires: Iterable[Territoire]
) -> Filters:
    """Returns the filters of a page, with exact counts."""
    territoires = tuple(territoires)
    return Filters(
        themes=_themes(demande, counts, vocabulaire),
        facets=[
            Facet(
                name=name,
                label=label,
                choices=_choices(name, getattr(demande, name), counts[name], vocabulaire),
                hint=hint,
                unsaid=_unsaid(name, counts[name]),
            )
            for name, label, hint in FACETS
        ],
        bassins=[(t.nom, _bassins(t, demande.bassin)) for t in territoires],
        moments=[
            Choice(value=value, label=label, count=None, checked=value == demande.moment)
            for value, label in MOMENTS.items()
        ],
        only_precise=not demande.inclure_non_precises,
        tags=list(_tags(demande, vocabulaire, territoires)),
    )


def _themes(demande: Demande, counts: Counts, vocabulaire: Vocabulaire) -> list[Theme]:
    asked = frozenset(demande.thematiques)
    found = counts["thematiques"]
    themes = []
    for categorie, terme in vocabulaire.referentiels["categories"].items():
        inside = [
            Choice(
                value=value,
                label=thematique.libelle,
                count=found.get(value, 0),
                checked=value in asked,
            )
            for value, thematique in vocabulaire.referentiels["thematiques"].items()
            if categorie_of(value) == categorie and (value in found or value in asked)
        ]
        total = counts["categories"].get(categorie, 0)
        checked = categorie in asked
        if total or checked or any(choice.checked for choice in inside):
            whole = Choice(value=categorie, label="Tout ce thème", count=total, checked=checked)
            themes.append(Theme(label=terme.libelle, count=total, whole=whole, choices=inside))
    return themes


def _choices(
    name: str, asked: tuple[str, ...], found: Mapping[str, int], vocabulaire: Vocabulaire
) -> list[Choice]:
    return [
        Choice(value=value, label=terme.libelle, count=found.get(value, 0), checked=value in asked)
        for value, terme in vocabulaire.referentiels[REFERENTIELS[name]].items()
        if value in found or value in asked
    ]


def _bassins(territoire: Territoire, asked: str | None) -> list[Choice]:
    return [
        Choice(value=bassin.slug, label=bassin.nom, count=None, checked=bassin.slug == asked)
        for bassin in territoire.bassins
    ]


def _unsaid(name: str, found: Mapping[str, int]) -> str | None:
    count = found.get(NON_PRECISE, 0)
    if not count or name not in _UNSAID:
        return None
    verb = "ne précise pas" if count == 1 else "ne précisent pas"
    return f"{counted(count, 'offre')} {verb} {_UNSAID[name]}."


def _tags(
    demande: Demande, vocabulaire: Vocabulaire, territoires: Iterable[Territoire]
) -> Iterable[Tag]:
    for name in ("thematiques", *(facet for facet, _, _ in FACETS)):
        values: tuple[str, ...] = getattr(demande, name)
        for value in values:
            rest = tuple(other for other in values if other != value)
            label = label_of(vocabulaire, name, value)
            yield Tag(label=label, url=search_url(demande, **{name: rest}))
    if demande.territoire is not None:
        nom = next(t.nom for t in territoires if t.slug == demande.territoire)
        yield Tag(label=f"Territoire {nom}", url=search_url(demande, territoire=None))
    if demande.bassin is not None:
        noms = {b.slug: b.nom for territoire in territoires for b in territoire.bassins}
        nom = noms.get(demande.bassin, demande.bassin)
        yield Tag(label=f"Bassin {nom}", url=search_url(demande, bassin=None))
    if demande.moment is not None:
        yield Tag(label=moment_in_words(demande.moment), url=search_url(demande, moment=None))
    if not demande.inclure_non_precises:
        url = search_url(demande, inclure_non_precises=True)
        yield Tag(label="Offres précises seulement", url=url)
    if demande.structure_id is not None:
        yield Tag(label="Une seule structure", url=search_url(demande, structure_id=None))


def moment_in_words(moment: str) -> str:
    """Returns a moment as the name of a filter.

    >>> moment_in_words("mercredi-matin")
    'Ouvert mercredi matin'
    """
    label = MOMENTS[moment]
    return f"Ouvert {label[:1].lower()}{label[1:]}"

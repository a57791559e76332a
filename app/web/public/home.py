"""The home page: what the catalogue holds, by need and by territory."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.demande import Demande
from app.domain.search import SearchPage
from app.domain.territoire import Contact, Territoire
from app.services.catalogue import Catalogue
from app.web.public.links import search_url, telephone_link
from app.web.public.typographie import apostrophes, counted, telephone_fr
from app.web.public.understanding import Link

# One for each of what is asked most often, in the words of those who ask.
EXAMPLES = (
    "je n’ai pas de voiture pour aller travailler",
    "personne pour garder mon fils",
    "remplir un papier de la CAF",
    "apprendre le français",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryLink:
    """A category: its slug names its icon; the count is None while the index does not answer."""

    slug: str
    label: str
    url: str
    count: str | None
    is_empty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryContact:
    """Whom to ask about a territory; `telephone_url` is None when it cannot be dialled as it is."""

    nom: str
    lien: str | None
    telephone: str | None
    telephone_url: str | None
    courriel: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryBlock:
    """A territory with its basins and what must be said of their limits."""

    nom: str
    bassins: Sequence[Link]
    note: str | None
    contact: TerritoryContact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """Everything that the template of the home page shows."""

    categories: Sequence[CategoryLink]
    territories: Sequence[TerritoryBlock]
    offres: str | None
    structures: str | None
    is_empty: bool
    examples: Sequence[Link]


def home_page(catalogue: Catalogue, found: SearchPage | None, structures: int | None) -> HomePage:
    """Returns the home page; without `found` the counts are left out, the links stay."""
    return HomePage(
        categories=list(_categories(catalogue, found)),
        territories=[
            TerritoryBlock(
                nom=territoire.nom,
                bassins=_bassins(territoire),
                note=territoire.note,
                contact=_contact(territoire.contact) if territoire.contact else None,
            )
            for territoire in catalogue.territoires
        ],
        offres=counted(found.total, "offre") if found else None,
        structures=counted(structures, "structure") if structures is not None else None,
        is_empty=found is not None and found.total == 0,
        examples=[Link(label=words, url=search_url(Demande(q=words))) for words in EXAMPLES],
    )


def _contact(contact: Contact) -> TerritoryContact:
    return TerritoryContact(
        nom=apostrophes(contact.nom),
        lien=contact.lien,
        telephone=telephone_fr(contact.telephone) if contact.telephone else None,
        telephone_url=telephone_link(contact.telephone) if contact.telephone else None,
        courriel=contact.courriel,
    )


def _bassins(territoire: Territoire) -> list[Link]:
    if not territoire.bassins:  # they may all have been removed
        url = search_url(Demande(territoire=territoire.slug))
        return [Link(label="Toutes les offres", url=url)]
    alone = len(territoire.bassins) == 1
    return [
        Link(
            label="Toutes les offres" if alone else bassin.nom,
            url=search_url(Demande(bassin=bassin.slug)),
        )
        for bassin in territoire.bassins
    ]


def _categories(catalogue: Catalogue, found: SearchPage | None) -> Sequence[CategoryLink]:
    counts = found.facettes["categories"] if found else {}
    return [
        CategoryLink(
            slug=slug,
            label=terme.libelle,
            url=search_url(Demande(thematiques=(slug,))),
            count=counted(counts.get(slug, 0), "offre") if found else None,
            is_empty=found is not None and not counts.get(slug),
        )
        for slug, terme in catalogue.vocabulaire.referentiels["categories"].items()
    ]

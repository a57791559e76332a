"""The pages of the public site over HTTP, as one visitor waits for them."""

from itertools import islice
from pathlib import Path
from urllib.parse import quote, urlencode

from app.composition import Composition
from app.domain.geographie import Geographie
from app.domain.territoire import Commune
from bench.commands import Site
from bench.http import WARM_UP, ask, faults
from bench.plan import draw_cities
from bench.report import Figure, Seuil, median_of_rounds

P50 = Seuil(40)  # what the public site promises at 100,000 offers
REQUESTS = 100
LISTED = 10  # offers of a shortlist
WORDS = ("crèche", "permis", "aide alimentaire", "logement étudiant", "cours de français")
STORIES = (
    "je n’ai personne pour garder mon fils",
    "je dors dans ma voiture",
    "je cherche du travail et je n’ai pas de voiture",
    "on m’a coupé l’électricité et je n’ai rien à manger",
)


def measure(data_dir: Path, site: Site, composition: Composition, *, rounds: int) -> list[Figure]:
    """Returns what one client waits for, page by page."""
    ids = _some_ids(composition)
    places = composition.geographie
    plan = {
        "accueil": ["/"] * REQUESTS,
        "résultats, des mots": _searches(places, WORDS),
        "résultats, une phrase": _searches(places, STORIES),
        "fiche d’une offre": [f"/offres/{quote(ident)}" for ident in ids],
        f"liste de {LISTED} offres": [
            f"/ma-liste?{urlencode([('liste', ident) for ident in ids[at : at + LISTED]])}"
            for at in range(len(ids) - LISTED)
        ],
    }
    figures = []
    for title, paths in plan.items():
        order = {"port": site.port, "paths": paths, "warmup": WARM_UP, "rounds": rounds}
        found = ask(data_dir, order)
        contexte = f"1 client, {len(paths)} requêtes × {rounds}, {found['bytes'] / 1000:.0f} ko"
        figures += [
            Figure(
                mesure=f"page · {title} · {name}",
                valeur=median_of_rounds(found["rounds"], share),
                unite="ms",
                seuil=seuil,
                contexte=contexte + faults(found),
            )
            for name, share, seuil in (("p50", 0.5, P50), ("p95", 0.95, None))
        ]
    return figures


def _searches(geographie: Geographie, queries: tuple[str, ...]) -> list[str]:
    cities: list[Commune] = draw_cities(geographie)
    return [
        "/recherche?" + urlencode({"q": queries[at % len(queries)], "code_commune": city.code})
        for at, city in enumerate(2 * cities)
    ][:REQUESTS]


def _some_ids(composition: Composition) -> list[str]:
    published = (i for batch in composition.catalogue_reader.published() for i in batch)
    step = islice(published, 0, REQUESTS * 50, 50)
    return [str(indexed.offre.id) for indexed in step]

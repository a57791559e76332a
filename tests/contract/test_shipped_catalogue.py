"""On the shipped catalogue too, every engine says what the reference says.

The matches are those of the judged situations, and the searches those that are judged. The searches
are also each thématique, filtered and typed as it is called, near a town of each territory; these
are compared with the embedded engine, which other tests compare with the reference. Pages too, and
what a territory finds once it has turned synonyms off.
"""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.composition import Composition
from app.domain import brute_force, brute_force_match
from app.domain.brute_force import Fiche
from app.domain.demande import Demande
from app.domain.mots import MotsLocaux
from app.domain.verdict import Verdict
from app.factory import create_app
from tests.conftest import TOWN, settings_of
from tests.contract.match_parity import assert_same_match
from tests.contract.parity import assert_same
from tests.contract.sites import ENGINES, EngineKind, with_a_node
from tests.e2e.pages import PAGES
from tests.relevance.day import CompositionOfTheDay
from tests.relevance.evaluation import Evaluation
from tests.relevance.recherches import Recherche, load_recherches
from tests.relevance.search_evaluation import SearchEvaluation
from tests.relevance.vignettes import Vignette, load_vignettes

EMBEDDED, *OTHERS = ENGINES
TOWNS = ("84031", "55029")  # Carpentras and Bar-le-Duc
VIGNETTES = load_vignettes()
RECHERCHES = load_recherches()

pytestmark = pytest.mark.xdist_group("contract-shipped")


@pytest.fixture(scope="module")
def evaluation(seeded_dir: Path) -> Evaluation:
    """The judged situations, and the catalogue on the embedded engine."""
    return Evaluation(seeded_dir)


@pytest.fixture(scope="module")
def searches(evaluation: Evaluation) -> SearchEvaluation:
    """The judged searches, on the same."""
    return SearchEvaluation(evaluation)


@pytest.fixture(scope="module")
def fiches(searches: SearchEvaluation) -> list[Fiche]:
    """The catalogue as the reference search reads it."""
    return searches.fiches()


@pytest.fixture(scope="module", params=OTHERS, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> EngineKind:
    return with_a_node(request.param, request)


@pytest.fixture(scope="module")
def site(
    kind: EngineKind, seeded_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Composition]:
    """The same catalogue on another engine."""
    folder = tmp_path_factory.mktemp("shipped") / "site"
    shutil.copytree(seeded_dir, folder)
    index = f"livre-{uuid.uuid4().hex}"
    environ = {**kind.environ, "ELASTICSEARCH_INDEX": index}
    composition = CompositionOfTheDay(settings_of(folder, **environ))
    composition.sync.rebuild()
    yield composition
    client = composition.cluster.client
    client.indices.delete(index=[*client.indices.get(index=f"{index}-*")])


@pytest.fixture(scope="module")
def other_app(site: Composition, kind: EngineKind) -> Flask:
    """The public pages of that catalogue, on that engine."""
    settings = site.settings
    environ = {**kind.environ, "ELASTICSEARCH_INDEX": settings.elasticsearch_index}
    return create_app(settings_of(settings.data_dir, WIDGET_SITES=TOWN, **environ))


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_a_page_is_the_same(catalogue_app: Flask, other_app: Flask, address: str) -> None:
    expected, mine = (app.test_client().get(address) for app in (catalogue_app, other_app))

    assert mine.status == expected.status
    assert mine.text == expected.text


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda v: v.id)
@pytest.mark.parametrize("page", [1, 2])
def test_a_situation_is_matched_as_the_reference_does(
    evaluation: Evaluation, site: Composition, kind: EngineKind, vignette: Vignette, page: int
) -> None:
    verdicts = [verdict.mot for verdict in Verdict]
    criteres = evaluation.criteria(vignette, verdicts=verdicts, page=page, par_page=50)
    parts = evaluation.composition

    expected = brute_force_match.match(
        evaluation.offres.values(), criteres, parts.vocabulaire, parts.geographie
    )

    assert_same_match(parts.engine.match(criteres), expected, EMBEDDED.score_tolerance)
    assert_same_match(site.engine.match(criteres), expected, kind.score_tolerance)


@pytest.mark.parametrize("recherche", RECHERCHES, ids=lambda r: r.id)
def test_a_judged_search_is_answered_as_the_reference_does(
    searches: SearchEvaluation,
    fiches: list[Fiche],
    evaluation: Evaluation,
    site: Composition,
    kind: EngineKind,
    recherche: Recherche,
) -> None:
    criteres = searches.criteria(recherche)
    parts = evaluation.composition

    expected = brute_force.search(fiches, criteres, parts.geographie)

    assert_same(parts.engine.search(criteres), expected, EMBEDDED.score_tolerance)
    assert_same(site.engine.search(criteres), expected, kind.score_tolerance)


@pytest.mark.parametrize("code_commune", TOWNS)
def test_a_need_is_searched_alike(
    evaluation: Evaluation, site: Composition, kind: EngineKind, code_commune: str
) -> None:
    named = evaluation.composition.vocabulaire.referentiels["thematiques"]
    found = 0
    for thematique, terme in named.items():
        for asked in (
            Demande(q=terme.libelle, code_commune=code_commune),
            Demande(thematiques=(thematique,), code_commune=code_commune, par_page=100),
            Demande(q=terme.libelle, thematiques=(thematique,), page=2),
        ):
            expected = evaluation.composition.catalogue.search.search(asked)
            mine = site.catalogue.search.search(asked)

            assert mine.lecture == expected.lecture
            assert_same(mine.page, expected.page, kind.score_tolerance)
            found += expected.page.total > 0
    assert found > 2 * len(named)  # the test proves nothing where nothing is found


@pytest.mark.parametrize("q", ["garde d'enfants", "mission locale", "mission locale et emploi"])
def test_a_search_without_some_synonyms_is_answered_as_the_reference_does(
    evaluation: Evaluation, fiches: list[Fiche], site: Composition, kind: EngineKind, q: str
) -> None:
    locaux = MotsLocaux(eteints=frozenset(["garde d'enfants", "mission locale"]))
    asked = Demande(q=q, territoire="vaucluse", par_page=100)
    parts = evaluation.composition

    found = parts.catalogue.search.search(asked, parts.query_reader.trying(locaux))
    expected = brute_force.search(fiches, found.criteres, parts.geographie)

    assert found.lecture != parts.catalogue.search.search(asked).lecture
    assert expected.total
    for composition, tolerance in (
        (parts, EMBEDDED.score_tolerance),
        (site, kind.score_tolerance),
    ):
        assert composition.query_reader.trying(locaux).read(q, with_place=True) == found.lecture
        assert_same(composition.engine.search(found.criteres), expected, tolerance)

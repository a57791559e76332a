"""The measure of a search: a known order gives known figures."""

from math import log2
from pathlib import Path

import pytest

from tests.relevance.recherches import JugementRecherche, Recherche, load_recherches
from tests.relevance.search_evaluation import WITHIN, MesureRecherche, measure

RSA = "eventail-dispositifs--rsa--caf-84"
RSA_55 = "eventail-dispositifs--rsa--caf-55"
CSS = "eventail-dispositifs--css--cpam-84"
AME = "eventail-dispositifs--ame--cpam-84"
UNKNOWN = "eventail-dispositifs--pmi--edes-84"
BEST = 7 + 3 / log2(3) + 1 / log2(4)  # relevances 3, 2 and 1, in that order


def recherche(**jugements: int) -> Recherche:
    """A search judged 3 for the RSA, 2 for the CSS and 1 for the AME, or as told."""
    return Recherche(
        id="essai",
        theme="essai",
        recit="",
        demande={"q": "aide"},
        jugements=tuple(
            JugementRecherche(cle=cle, pertinence=pertinence)
            for cle, pertinence in (jugements or {"rsa": 3, "css": 2, "ame": 1}).items()
        ),
    )


def measured(*ids: str) -> MesureRecherche:
    return measure(recherche(), ids, total=len(ids))


def test_the_best_order_is_worth_one() -> None:
    mesure = measured(RSA, CSS, AME)

    assert mesure.ndcg == mesure.ndcg_juges == mesure.rappel == 1
    assert mesure.succes
    assert mesure.manquees == ()


def test_a_lower_rank_is_worth_less() -> None:
    assert measured(AME, CSS, RSA).ndcg == pytest.approx((1 + 3 / log2(3) + 7 / log2(4)) / BEST)


def test_what_nobody_judged_takes_a_rank_and_gains_nothing() -> None:
    mesure = measured(UNKNOWN, RSA)

    assert mesure.ndcg == pytest.approx(7 / log2(3) / BEST)
    assert mesure.ndcg_juges == pytest.approx(7 / BEST)
    assert mesure.non_jugees == (UNKNOWN,)


def test_a_key_counts_once_and_its_other_offers_take_no_rank() -> None:
    assert measured(RSA, RSA_55, CSS, AME).ndcg == 1


def test_no_answer_is_worth_nothing() -> None:
    mesure = measured()

    assert (mesure.ndcg, mesure.rappel, mesure.succes) == (0, 0, False)
    assert mesure.manquees == ("rsa", "css")


def test_an_offer_of_some_help_is_no_success() -> None:
    assert not measured(AME, UNKNOWN, AME).succes


def test_the_fourth_distinct_result_comes_too_late() -> None:
    unknown = [f"{UNKNOWN}-{rank}" for rank in range(3)]

    assert not measured(*unknown, RSA).succes
    assert measured(*unknown[:2], AME, RSA).succes is False
    assert measured(*unknown[:2], RSA).succes
    assert measured(AME, AME, AME, UNKNOWN, RSA).succes  # the same key takes one rank


def test_recall_counts_useful_keys_within_the_first_results() -> None:
    filler = [f"{UNKNOWN}-{rank}" for rank in range(WITHIN - 1)]

    assert measured(CSS, *filler, RSA).rappel == 0.5
    assert measured(CSS, *filler, RSA).manquees == ("rsa",)


def test_the_first_key_that_covers_an_offer_judges_it() -> None:
    known = recherche(**{RSA: 3, "rsa": 1})

    assert known.jugement_of(RSA) == JugementRecherche(cle=RSA, pertinence=3)
    assert known.jugement_of(RSA_55) == JugementRecherche(cle="rsa", pertinence=1)


def test_a_kind_of_listing_never_covers_a_scheme() -> None:
    assert recherche(**{"*--caf-84": 3}).jugement_of(RSA) is None


def test_a_file_is_read_as_the_page_receives_it(tmp_path: Path) -> None:
    (tmp_path / "10-essai.toml").write_text(
        """
[[recherche]]
id = "un"
recit = "Ce qui est cherché."
demande = { q = "aide", rayon_km = 5, frais = ["gratuit", "payant"] }
[recherche.jugements]
rsa = 3
"*--demarches" = 0
""",
        encoding="utf-8",
    )

    (read,) = load_recherches(tmp_path)

    assert (read.id, read.theme) == ("un", "essai")
    assert [*read.args.items(multi=True)] == [
        ("q", "aide"),
        ("rayon_km", "5"),
        ("frais", "gratuit"),
        ("frais", "payant"),
    ]
    assert [(j.cle, j.pertinence, j.gain) for j in read.jugements] == [
        ("rsa", 3, 7),
        ("*--demarches", 0, 0),
    ]

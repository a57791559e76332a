"""Files of offers: what is told of them apart from what they write."""

from app.domain.depots import Plan, Prevision, Sorte
from app.domain.edition import Fiche, FicheRef
from app.domain.publication import OFFRE
from tests.builders import make_offre, make_structure


def prevision(numero: int, sorte: Sorte) -> Prevision:
    value = make_offre()
    ref = FicheRef(objet=OFFRE, id=value.id)
    fiche = Fiche(ref=ref, value=value, structure=make_structure(), revision=1)
    return Prevision(numero=numero, sorte=sorte, fiche=fiche, value=value, changes={})


def test_what_a_file_writes_is_all_but_what_stays() -> None:
    plan = Plan(previsions=[prevision(rank, sorte) for rank, sorte in enumerate(Sorte)])

    assert [one.sorte for one in plan.of(Sorte.RIEN)] == [Sorte.RIEN]
    assert [one.sorte for one in plan.to_write] == [Sorte.CREATION, Sorte.MODIFICATION]
    assert Plan().to_write == []

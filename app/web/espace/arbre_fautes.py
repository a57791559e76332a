"""What is not finished in the conditions of a form, said in the words of its buttons."""

from collections.abc import Iterator, Mapping, Sequence

from app.domain.vocabulaire import Nature, Vocabulaire
from app.web.espace.arbre_saisie import BORNES, Branche, Genre, number_of
from app.web.espace.champs import Section, champs_of
from app.web.espace.fiche_form import Faute

NO_FACT = "Choisissez sur quoi porte cette condition, ou retirez-la."
NO_BOUND = "Écrivez au moins une limite, ou retirez cette condition."
NO_VALUE = "Cochez au moins une réponse, ou retirez cette condition."
NO_PLACE = "Écrivez au moins un lieu, ou retirez cette condition."
NOT_A_NUMBER = "Écrivez les limites en chiffres. Exemple : 26."
EMPTY = "Ajoutez une condition à ce groupe, ou retirez-le."


def unfinished(
    trees: Mapping[str, Branche], vocabulaire: Vocabulaire, sections: Sequence[Section]
) -> Iterator[Faute]:
    """Yields a fault for each node that says nothing yet."""
    libelles = {champ.nom: champ.libelle for champ in champs_of(tuple(sections))}
    for nom, racine in trees.items():
        for branche in racine.walk():
            message = _fault(branche, vocabulaire, is_root=branche is racine)
            if message:
                yield Faute(champ=nom, libelle=libelles[nom], ancre=branche.chemin, message=message)


def _fault(branche: Branche, vocabulaire: Vocabulaire, *, is_root: bool) -> str:
    if branche.genre is not Genre.CRITERE:
        return "" if branche.enfants or is_root else EMPTY
    fait = vocabulaire.faits.get(branche.fait)
    if fait is None:
        return NO_FACT
    if fait.nature is Nature.NOMBRE:
        if not branche.bornes:
            return NO_BOUND
        are_numbers = all(number_of(text) is not None for text in branche.bornes.values())
        return "" if are_numbers else NOT_A_NUMBER
    if branche.parmi or any(branche.bornes.get(borne) for borne in BORNES):
        return ""
    return {Nature.ECHELON: NO_BOUND, Nature.LIEU: NO_PLACE}.get(fait.nature, NO_VALUE)

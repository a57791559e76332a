"""Whose account a use case may touch: one's own."""

from app.domain.comptes import Acteur, Compte
from app.domain.droits import Action, DroitRefuse, peut


def own_compte(acteur: Acteur) -> Compte:
    """Returns the account of who asks. Raises `DroitRefuse` for a visitor or a mailbox."""
    if acteur.compte is None or not peut(acteur, Action.GERER_SON_COMPTE):
        raise DroitRefuse
    return acteur.compte

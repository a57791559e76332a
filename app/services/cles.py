"""Keys made, shown once, revoked; and who acts when one is sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.domain.cles import (
    VALIDITE_MAX,
    Cle,
    CleListee,
    CleStore,
    new_cle,
)
from app.domain.comptes import Acteur, Compte
from app.domain.connexion import empreinte_of
from app.domain.droits import Action, DroitRefuse, peut
from app.domain.journal import Noter, Sensible
from app.domain.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class CleService:
    """Each method says who acts, and reaches the keys of nobody else."""

    store: CleStore
    acteur_of: Callable[[Compte], Acteur]
    """An account as it acts today, so that a key never keeps a right that its account lost."""
    clock: Clock
    note: Noter

    def make(self, acteur: Acteur, nom: str, validite: timedelta) -> tuple[Cle, CleListee]:
        """Returns a new key, which nobody can read again. Raises `TropDeCles`, `DroitRefuse`."""
        compte = self._compte(acteur)
        if not timedelta(0) < validite <= VALIDITE_MAX:
            raise ValueError("a key lives for a while, and not for ever")
        cle, quand = new_cle(), self.clock.now()
        made = CleListee(
            id=0, compte_id=compte.id, nom=nom, cree_le=quand, expire_le=quand + validite
        )
        kept = self.store.add(empreinte_of(cle), made)
        self.note(acteur.auteur, Sensible.CLE_CREEE, f"cle:{kept.id}")
        return cle, kept

    def of(self, acteur: Acteur) -> Sequence[CleListee]:
        """Returns the keys of someone. Raises `DroitRefuse`."""
        return self.store.of(self._compte(acteur).id)

    def revoke(self, acteur: Acteur, cle_id: int) -> None:
        """Ends a key at once. Raises `CleInconnue`, `DroitRefuse`."""
        self.store.revoke(self._compte(acteur).id, cle_id)
        self.note(acteur.auteur, Sensible.CLE_REVOQUEE, f"cle:{cle_id}")

    def acteur(self, cle: str) -> Acteur:
        """Returns who acts by a key. Raises `CleRefusee`."""
        _, compte = self.store.use(empreinte_of(cle), self.clock.now())
        return self.acteur_of(compte)

    def is_over(self, cle: CleListee) -> bool:
        """Tells whether a key opens nothing any more."""
        return cle.expire_le <= self.clock.now()

    def _compte(self, acteur: Acteur) -> Compte:
        if acteur.compte is None or not peut(acteur, Action.TENIR_CLES):
            raise DroitRefuse
        return acteur.compte

"""The accounts of the site: found, invited, changed, closed and opened again."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from app.domain.annuaire import (
    MAX_CHERCHE,
    PAR_PAGE,
    AnnuaireStore,
    CompteConnu,
    Inscrit,
    SonPropreCompte,
    Statut,
    Trouves,
    read_statut,
    statut_of,
)
from app.domain.comptes import Acteur, Compte, courriel_key
from app.domain.droits import Action, DroitRefuse, peut
from app.domain.journal import Noter, Sensible
from app.domain.noms import fold
from app.domain.ports import Clock
from app.services.connexion import ConnexionService, Envoi


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnuaireService:
    """What administrators do with accounts, and who runs the site with commands.

    Commands name their `auteur` and need no right: whoever types them holds the whole site.
    """

    store: AnnuaireStore
    connexion: ConnexionService
    perimetres: Collection[str]
    """The slugs of the territories and basins in force."""
    clock: Clock
    note: Noter

    def search(self, acteur: Acteur, cherche: str, role: str, page: int) -> Trouves:
        """Returns the accounts whose name or address has every word, open ones first, by name.

        An empty `role` is any. Raises `DroitRefuse`.
        """
        _check(acteur)
        words, inscrits = fold(cherche[:MAX_CHERCHE]).split(), self.store.inscrits()
        said = {one.compte.id: fold(f"{one.compte.nom} {one.compte.courriel}") for one in inscrits}
        found = [
            one
            for one in inscrits
            if role in ("", one.compte.role) and all(word in said[one.compte.id] for word in words)
        ]
        found.sort(
            key=lambda one: (
                not one.compte.is_actif,
                said[one.compte.id].lstrip(),
                one.compte.id,
            )
        )
        last = max(1, -(-len(found) // PAR_PAGE))
        page = min(max(page, 1), last)
        shown = found[(page - 1) * PAR_PAGE : page * PAR_PAGE]
        return Trouves(
            inscrits=shown,
            structures=self.store.structures_of([one.compte.id for one in shown]),
            total=len(found),
            page=page,
            derniere=last,
        )

    def read(self, acteur: Acteur, compte_id: int) -> Inscrit:
        """Returns an account, closed or not. Raises `CompteInconnu`, `DroitRefuse`."""
        _check(acteur)
        return self.store.inscrit(compte_id)

    def change(
        self, acteur: Acteur, compte_id: int, lu: str, role: str, perimetre: str | None
    ) -> None:
        """Gives an account another role or perimeter, and closes its sessions.

        `lu` is the key of what its page said. Raises `StatutInvalide`, `CompteModifie`,
        `SonPropreCompte`, `DernierAdministrateur`, `CompteInconnu`, `DroitRefuse`.
        """
        _check(acteur)
        self._change(acteur, compte_id, lu, read_statut(role, perimetre, self.perimetres))

    def close(self, acteur: Acteur, compte_id: int, lu: str) -> None:
        """Closes an account, its sessions and its keys; what it wrote stays. Raises as `change`."""
        statut = statut_of(self.read(acteur, compte_id).compte)
        self._change(acteur, compte_id, lu, replace(statut, is_actif=False))

    def reopen(self, acteur: Acteur, compte_id: int, lu: str) -> None:
        """Opens an account again as it was; its keys are gone. Raises as `change`."""
        statut = statut_of(self.read(acteur, compte_id).compte)
        self._change(acteur, compte_id, lu, replace(statut, is_actif=True))

    def invite(
        self, acteur: Acteur, courriel: str, nom: str, role: str, perimetre: str | None
    ) -> tuple[Compte, bool]:
        """Makes the account of an address; the one that it has when it is the same, and False.

        Raises `StatutInvalide`, `CompteConnu`, `DroitRefuse`.
        """
        _check(acteur)
        statut = read_statut(role, perimetre, self.perimetres)
        address = courriel_key(courriel)
        compte, is_new = self.store.make(address, nom, statut, self.clock.now())
        if is_new:
            self._note(acteur.auteur, Sensible.COMPTE_CREE, compte.id, statut)
        elif statut_of(compte) != statut:
            raise CompteConnu(compte.id)
        return compte, is_new

    def send_link(self, acteur: Acteur, compte_id: int, send: Envoi) -> None:
        """Sends an account the link that signs in.

        Raises `TropDeLiens`, `CourrielNonParti`, `CompteInconnu`, `DroitRefuse`.
        """
        compte = self.read(acteur, compte_id).compte
        self.connexion.ask(compte.courriel, send)
        self.note(acteur.auteur, Sensible.COMPTE_INVITE, f"compte:{compte.id}")

    def install(
        self, auteur: str, courriel: str, nom: str, role: str, perimetre: str | None
    ) -> Compte:
        """Makes the account of an address, or changes it and opens it again.

        Raises `StatutInvalide`, `DernierAdministrateur`.
        """
        statut = read_statut(role, perimetre, self.perimetres)
        address = courriel_key(courriel)
        known = self.store.find(address)
        saved = self.store.save(address, nom, statut.role, statut.perimetre, self.clock.now())
        done = Sensible.COMPTE_CREE if known is None else Sensible.COMPTE_CHANGE
        self._note(auteur, done, saved.id, statut)
        return saved

    def shut(self, auteur: str, compte_id: int) -> None:
        """Closes an account whatever it is. Raises `DernierAdministrateur`."""
        self.store.close(compte_id)
        self.note(auteur, Sensible.COMPTE_FERME, f"compte:{compte_id}")

    def _change(self, acteur: Acteur, compte_id: int, lu: str, voulu: Statut) -> None:
        if acteur.compte is not None and acteur.compte.id == compte_id:
            raise SonPropreCompte
        was_open = self.store.inscrit(compte_id).compte.is_actif
        if not self.store.change(compte_id, lu, voulu):
            return
        if not voulu.is_actif:
            self.note(acteur.auteur, Sensible.COMPTE_FERME, f"compte:{compte_id}")
        else:
            done = Sensible.COMPTE_CHANGE if was_open else Sensible.COMPTE_ROUVERT
            self._note(acteur.auteur, done, compte_id, voulu)

    def _note(self, auteur: str, action: Sensible, compte_id: int, statut: Statut) -> None:
        place = {"perimetre": statut.perimetre} if statut.perimetre else {}
        self.note(auteur, action, f"compte:{compte_id}", role=statut.role.value, **place)


def _check(acteur: Acteur) -> None:
    if not peut(acteur, Action.GERER_COMPTES):
        raise DroitRefuse

"""Signing in through a provider of identities: who it says somebody is opens an account here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.domain.comptes import Acteur, courriel_key
from app.domain.connexion import Empreinte, Jeton, empreinte_of, new_jeton
from app.domain.identites import (
    Depart,
    Entree,
    Fournisseur,
    IdentiteRefusee,
    IdentiteStore,
    MotifIdentite,
)
from app.domain.journal import Noter, Sensible
from app.services.own import own_compte


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentiteService:
    """Signing in and out of the site and of its provider; `fournisseur` None when it has none."""

    store: IdentiteStore
    fournisseur: Fournisseur | None
    now: Callable[[], datetime]
    note: Noter

    @property
    def is_open(self) -> bool:
        """True when this site has a provider."""
        return self.fournisseur is not None

    def start(self, retour: str) -> Depart:
        """Returns where to send a visitor, who comes back at `retour`. Raises `IdentiteRefusee`."""
        return self._provider().start(retour)

    def enter(self, depart: Depart, code: str, retour: str) -> Jeton:
        """Returns the token of a new session of who comes back from the provider.

        The account is the one that has met this identity, else the one of its address, made when it
        is new: signing in is signing up, as by a link. Raises `IdentiteRefusee`.
        """
        identite = self._provider().finish(depart, code, retour)
        if identite.courriel is None:
            raise IdentiteRefusee(MotifIdentite.SANS_COURRIEL)
        if not identite.is_verifie:
            # Whoever writes somebody else's address at a provider would open their account here.
            raise IdentiteRefusee(MotifIdentite.COURRIEL_NON_VERIFIE)
        session = new_jeton()
        entree = self.store.open_with_identite(
            identite, courriel_key(identite.courriel), empreinte_of(session), self.now()
        )
        self._note(entree)
        return session

    def proof_of(self, session: Empreinte) -> str | None:
        """Returns what a provider's own session is ended with, None for one that it did not open.

        It is asked before the session is closed, which must not wait for a provider.
        """
        return self.store.jeton_of(session) if self.is_open else None

    def sortie(self, proof: str, retour: str) -> str | None:
        """Returns where to sign out of the provider too, None when it cannot be told."""
        return self._provider().sortie(proof, retour)

    def is_joined(self, acteur: Acteur) -> bool:
        """Tells whether one's account is joined to an identity. Raises `DroitRefuse`."""
        return self.store.has_identite(own_compte(acteur).id)

    def detach(self, acteur: Acteur) -> None:
        """Parts one's account from its identity; its address may join it again.

        Raises `DroitRefuse`.
        """
        if self.store.detach(own_compte(acteur).id):
            self.note(acteur.auteur, Sensible.IDENTITE_DISSOCIEE, acteur.auteur)

    def _note(self, entree: Entree) -> None:
        compte = entree.session.compte
        if compte is None:
            return
        auteur = f"compte:{compte.id}"
        if entree.is_creee:
            self.note(auteur, Sensible.COMPTE_CREE, auteur)
        if entree.is_jointe:
            self.note(auteur, Sensible.IDENTITE_ASSOCIEE, auteur)

    def _provider(self) -> Fournisseur:
        if self.fournisseur is None:
            raise IdentiteRefusee(MotifIdentite.FERME)
        return self.fournisseur

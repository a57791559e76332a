"""Signing in by a password, and choosing, changing or removing one's own."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from app.domain.comptes import Acteur, courriel_key
from app.domain.connexion import Empreinte, Jeton, Moyen, empreinte_of, new_jeton
from app.domain.mots_de_passe import (
    FRAICHEUR,
    MAX_CARACTERES,
    Hachoir,
    MotDePasseFaux,
    MotDePasseStore,
    PreuveManquante,
    check,
    cle_of,
    normalized,
)
from app.domain.sessions import SessionStore, nom_of
from app.services.own import own_compte


@dataclass(frozen=True, slots=True, kw_only=True)
class MotDePasseService:
    """What may be done with a password; it is never kept, only its digest is."""

    store: MotDePasseStore
    sessions: SessionStore
    hachoir: Hachoir
    courants: Collection[str]
    """The most common passwords, in small letters."""
    now: Callable[[], datetime]

    def enter(self, courriel: str, mot_de_passe: str) -> Jeton:
        """Returns the token of a new session of the account that a password opens.

        Raises `MotDePasseFaux` alike, after the same work, for an unknown address, an account
        without a password or closed, and a wrong password (ASVS 5.0, 6.3.8); `TropDEssais` beyond
        what one address may try.
        """
        courriel = courriel_key(courriel)
        cle, quand, typed = cle_of(courriel), self.now(), normalized(mot_de_passe)
        self.store.add_essai(cle, quand)
        found = self.store.secret_of(courriel)
        secret = found.secret if found is not None else self.hachoir.leurre
        is_right = self.hachoir.verify(secret, typed[: MAX_CARACTERES + 1])
        if found is None or not is_right:
            raise MotDePasseFaux
        session = new_jeton()
        self.store.open_with_secret(found, cle, empreinte_of(session), quand)
        if self.hachoir.is_stale(found.secret):
            self.store.replace_secret(found, self.hachoir.hash(typed))
        return session

    def has_password(self, acteur: Acteur) -> bool:
        """Tells whether one's account has a password. Raises `DroitRefuse`."""
        return self.store.secret_of(own_compte(acteur).courriel) is not None

    def is_fresh(self, acteur: Acteur, session: Empreinte) -> bool:
        """Tells whether this very session was opened by a link just now. Raises `DroitRefuse`."""
        quand, nom = self.now(), nom_of(session)
        return any(
            one.nom == nom and one.moyen is Moyen.LIEN and quand - one.ouverte_le < FRAICHEUR
            for one in self.sessions.sessions_of(own_compte(acteur).id, quand)
        )

    def choose(self, acteur: Acteur, session: Empreinte, actuel: str, nouveau: str) -> None:
        """Gives one's account a password, and closes its other sessions.

        Raises `MotDePasseRefuse` for one that cannot be chosen, then `PreuveManquante`,
        `MotDePasseFaux` or `TropDEssais` for the one in use, and `DroitRefuse`.
        """
        compte, typed = own_compte(acteur), normalized(nouveau)
        check(typed, compte, self.courants)
        self._prove(acteur, session, actuel)
        self.store.set_secret(compte.id, self.hachoir.hash(typed), session)

    def remove(self, acteur: Acteur, session: Empreinte, actuel: str) -> None:
        """Leaves one's account without a password, and closes its other sessions.

        Raises `PreuveManquante`, `MotDePasseFaux`, `TropDEssais`, `DroitRefuse`.
        """
        compte = own_compte(acteur)
        self._prove(acteur, session, actuel)
        self.store.set_secret(compte.id, None, session)

    def _prove(self, acteur: Acteur, session: Empreinte, actuel: str) -> None:
        """Raises unless one has just opened a link, or gives the password in use (ASVS 6.2.3)."""
        if self.is_fresh(acteur, session):
            return
        courriel = own_compte(acteur).courriel
        found = self.store.secret_of(courriel)
        if found is None or not actuel:
            raise PreuveManquante
        cle = cle_of(courriel)
        self.store.add_essai(cle, self.now())
        if not self.hachoir.verify(found.secret, normalized(actuel)[: MAX_CARACTERES + 1]):
            raise MotDePasseFaux
        self.store.forget_essais(cle)

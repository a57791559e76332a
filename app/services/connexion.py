"""Signing in by a link sent by e-mail, and finding out who makes a request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.adhesions import CompteStore
from app.domain.comptes import Acteur, Compte, Qualite, Role, courriel_key
from app.domain.connexion import (
    VALIDITE_LIEN,
    VALIDITE_LIEN_BOITE,
    ConnexionStore,
    Empreinte,
    Jeton,
    Lien,
    Session,
    Usage,
    empreinte_of,
    new_jeton,
)
from app.domain.offre import StructureId
from app.domain.territoire import Zone

QUALITES = {
    Role.PARTENAIRE: Qualite.PARTENAIRE,
    Role.PROFESSIONNEL: Qualite.PROFESSIONNEL,
    Role.COORDINATEUR: Qualite.COORDINATEUR,
    Role.ADMINISTRATEUR: Qualite.ADMINISTRATEUR,
}
Envoi = Callable[[str, Jeton], None]
"""Writes to an address with the token of its link; raises `CourrielNonParti`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnexionService:
    """What visitors do to become someone, and what each request asks."""

    store: ConnexionStore
    comptes: CompteStore
    perimetres: Mapping[str, Zone]
    """The zones of the territories and basins, by slug."""
    now: Callable[[], datetime]

    def ask(self, courriel: str, send: Envoi) -> None:
        """Sends a link to an address, known or not: nobody learns which addresses have an account.

        Raises `TropDeLiens`, or `CourrielNonParti` when the message cannot leave.
        """
        self._send(Usage.CONNEXION, courriel_key(courriel), None, send)

    def invite(self, courriel: str, structure_id: StructureId, send: Envoi) -> None:
        """Sends the link that opens a structure's listings to its mailbox.

        Raises `TropDeLiens`, or `CourrielNonParti`.
        """
        self._send(Usage.BOITE, courriel_key(courriel), structure_id, send)

    def _send(
        self, usage: Usage, courriel: str, structure_id: StructureId | None, send: Envoi
    ) -> None:
        jeton, quand = new_jeton(), self.now()
        lasting = VALIDITE_LIEN if usage is Usage.CONNEXION else VALIDITE_LIEN_BOITE
        lien = Lien(
            usage=usage, courriel=courriel, structure_id=structure_id, expire_le=quand + lasting
        )
        self.store.add_lien(empreinte_of(jeton), lien, quand)
        send(courriel, jeton)

    def look(self, jeton: str) -> Lien:
        """Returns what a link would open, and changes nothing. Raises `LienRefuse`."""
        return self.store.get_lien(empreinte_of(jeton), self.now())

    def boite(self, empreinte: Empreinte) -> Lien | None:
        """Returns the link of a mailbox whatever became of it, None when it is of no mailbox."""
        lien = self.store.find_lien(empreinte)
        return lien if lien is not None and lien.usage is Usage.BOITE else None

    def enter(self, jeton: str) -> tuple[Jeton, Session]:
        """Uses a link, once, and returns the token of the session that it opens.

        Raises `LienRefuse`.
        """
        session = new_jeton()
        opened = self.store.open_with_lien(empreinte_of(jeton), empreinte_of(session), self.now())
        return session, opened

    def acteur(self, jeton: str) -> Acteur | None:
        """Returns who a session was opened for, None when it is over."""
        session = self.store.get_session(empreinte_of(jeton), self.now())
        if session is None:
            return None
        if session.compte is not None:
            return self.acteur_of(session.compte)
        if session.structure_id is not None:
            return Acteur(qualite=Qualite.BOITE, structures=frozenset((session.structure_id,)))
        return None

    def acteur_of(self, compte: Compte) -> Acteur:
        """Returns an account as it acts: with its structures and its perimeter of today."""
        admitted = (
            listed.adhesion.structure_id
            for listed in self.comptes.adhesions_of(compte.id)
            if listed.adhesion.admise_le is not None
        )
        return Acteur(
            qualite=QUALITES[compte.role],
            compte=compte,
            structures=frozenset(admitted),
            zone=self.perimetres.get(compte.perimetre or "", Zone(0)),
        )

    def leave(self, jeton: str) -> None:
        """Closes a session."""
        self.store.close_session(empreinte_of(jeton))

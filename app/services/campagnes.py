"""Campaigns that keep listings fresh: who is asked and has answered, what is written, calls."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.clock import PARIS
from app.domain.campagnes import (
    Appel,
    Campagne,
    CampagneInconnue,
    Contact,
    Envoi,
    Etat,
    ModeContact,
    Participante,
    Rappel,
    Resultat,
    adresse_empreinte,
)
from app.domain.campagnes_port import CampagneStore
from app.domain.campagnes_regles import check
from app.domain.comptes import Acteur
from app.domain.connexion import CourrielNonParti, Jeton, TropDeLiens, empreinte_of, new_jeton
from app.domain.droits import Action, Cible, DroitRefuse, peut
from app.domain.edition import FicheRef, ModifieeEntretemps
from app.domain.errors import CatalogueError
from app.domain.offre import StructureId
from app.domain.publication import STRUCTURE
from app.domain.territoire import Zone
from app.domain.verdict import Valeur
from app.services.connexion import ConnexionService
from app.services.edition import EditionService

NOWHERE = Zone(0)


class AdresseEnEchec(CatalogueError):
    """No message will ever reach this mailbox: its server says so, or it is no address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suivi:
    """A structure in a campaign, where it stands in both senses, and what was sent to it."""

    participante: Participante
    lieu: Zone
    etat: Etat
    envois: Sequence[Envoi]
    appel: Appel | None = None
    """The last call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Echec:
    """An address that cannot be written to; `depuis` is None when nobody kept the day."""

    adresse: str
    depuis: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lettre:
    """What one message says, and the tokens that it carries."""

    campagne: Campagne
    participante: Participante
    courriel: str
    lien: Jeton
    retour: str
    arret: Jeton


Ecrire = Callable[[Lettre], None]
"""Hands a message over. Raises `CourrielNonParti`, or `AdresseEnEchec`."""


@dataclass(slots=True, kw_only=True)
class Bilan:
    """What one run of the sending did."""

    partis: int = 0
    refuses: int = 0
    reportes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CampagneService:
    """Methods of pages say who acts, and refuse what the table of rights does not give."""

    store: CampagneStore
    edition: EditionService
    connexion: ConnexionService
    perimetres: Mapping[str, Zone]

    def all(self, acteur: Acteur) -> Sequence[Campagne]:
        """Returns the campaigns that someone may run, the newest first."""
        return [one for one in self.store.all() if self._reaches(acteur, one.perimetre)]

    def zones(self, acteur: Acteur) -> Collection[str]:
        """Returns the slugs of the territories and basins where someone may run a campaign."""
        return [slug for slug in self.perimetres if self._reaches(acteur, slug)]

    def create(self, acteur: Acteur, campagne: Campagne) -> int:
        """Opens a campaign and returns its number. Raises `CampagneInvalide`, `DroitRefuse`.

        One that is just opened by the same person and asks the same is that one.
        """
        self._require(acteur, campagne)
        check(campagne)
        return self.store.add(campagne, acteur.auteur, self.edition.clock.now())

    def end(self, acteur: Acteur, numero: int) -> None:
        """Ends a campaign before its last day. Raises `CampagneInconnue`, `DroitRefuse`.

        No message leaves any more, not even from a run that has begun. One that is over is left.
        """
        campagne, today = self.store.get(numero), self.edition.clock.today()
        self._require(acteur, campagne)
        if not campagne.is_finie(today):
            self.store.stop(numero, acteur.auteur, today)

    def read(self, acteur: Acteur, numero: int) -> tuple[Campagne, Sequence[Suivi]]:
        """Returns a campaign and the structures in it. Raises `CampagneInconnue`, `DroitRefuse`."""
        campagne = self.store.get(numero)
        self._require(acteur, campagne)
        return campagne, self._suivis(campagne)

    def suivi(
        self, acteur: Acteur, numero: int, structure_id: StructureId
    ) -> tuple[Campagne, Suivi]:
        """Returns one structure of a campaign. Raises `CampagneInconnue`, `DroitRefuse`."""
        campagne, suivis = self.read(acteur, numero)
        for suivi in suivis:
            if suivi.participante.id == structure_id:
                return campagne, suivi
        raise CampagneInconnue(numero)

    def note_call(
        self,
        acteur: Acteur,
        numero: int,
        structure_id: StructureId,
        resultat: Resultat,
        vue: str,
    ) -> None:
        """Keeps what came of a call; “confirmed” confirms each listing as who called.

        `vue` is the one of the listings that were read to whom was called. Raises
        `ModifieeEntretemps` when one has changed since, and keeps nothing. One that was only
        confirmed since still says the same: pressing twice is no conflict, and is one call.
        """
        _, suivi = self.suivi(acteur, numero, structure_id)
        if resultat is Resultat.CONFIRME:
            if suivi.participante.vue != vue:
                raise ModifieeEntretemps(())
            fiches = suivi.participante.fiches
            self.edition.confirm_all(acteur, [(fiche.ref, fiche.revision) for fiche in fiches])
        appel = Appel(
            structure_id=structure_id,
            quand=self.edition.clock.now(),
            auteur=acteur.auteur,
            resultat=resultat,
        )
        self.store.add_appel(numero, appel)

    def contact(self, acteur: Acteur, structure_id: StructureId) -> Contact:
        """Returns how a structure wants to be asked. Raises `DroitRefuse`."""
        self._require_contact(acteur, structure_id)
        return self.store.contact(structure_id)

    def set_contact(
        self, acteur: Acteur, structure_id: StructureId, mode: ModeContact, courriel: str | None
    ) -> None:
        """Changes how a structure wants to be asked. Raises `DroitRefuse`."""
        self._require_contact(acteur, structure_id)
        self.store.set_contact(structure_id, mode, courriel)

    def echec(self, acteur: Acteur, structure_id: StructureId) -> Echec | None:
        """Returns the address of a structure whose messages come back, None while it is well.

        Raises `DroitRefuse`.
        """
        contact = self.contact(acteur, structure_id)
        fiche = self.edition.read(acteur, FicheRef(objet=STRUCTURE, id=structure_id))
        return echec_of(contact, contact.courriel or fiche.value.courriel)

    def retry(self, acteur: Acteur, structure_id: StructureId) -> None:
        """Lets the address of a structure be written to again. Raises `DroitRefuse`."""
        self._require_contact(acteur, structure_id)
        self.store.forget_failures(structure_id)

    def stands_in(self, suivi: Suivi, perimetre: str) -> bool:
        """Tells whether a structure stands in a territory or basin; False for no known one."""
        return is_inside(suivi.lieu, self.perimetres.get(perimetre, NOWHERE))

    def is_arret(self, jeton: str) -> bool:
        """Tells whether a token stops reminders, and changes nothing."""
        return self.store.structure_of_arret(empreinte_of(jeton)) is not None

    def stop(self, jeton: str) -> bool:
        """Stops the reminders of a structure, as its mailbox asks; False for no token of ours."""
        found = self.store.structure_of_arret(empreinte_of(jeton))
        if found is None:
            return False
        self.store.set_contact(found, ModeContact.AUCUNE, self.store.contact(found).courriel)
        return True

    def send_due(self, write: Ecrire) -> Bilan:
        """Sends the messages that are due today; running it again sends nothing twice."""
        bilan, today = Bilan(), self.edition.clock.today()
        for campagne in self.store.all():
            if campagne.is_ouverte(today):
                for suivi in self._suivis(campagne):
                    self._send(campagne, suivi, today, write, bilan)
        return bilan

    def _send(
        self, campagne: Campagne, suivi: Suivi, today: date, write: Ecrire, bilan: Bilan
    ) -> None:
        one, partis = suivi.participante, suivi.envois
        rang = campagne.rang_du(today, [e.parti_le.astimezone(PARIS).date() for e in partis])
        if rang is None or one.adresse is None or not one.may_be_written(campagne, today):
            return
        retour, arret = secrets.token_hex(16), new_jeton()
        rappel = Rappel(
            campagne_id=campagne.id,
            structure_id=one.id,
            rang=rang,
            retour=empreinte_of(retour),
            arret=empreinte_of(arret),
            adresse=adresse_empreinte(one.adresse),
        )
        if not self.store.take(rappel, self.edition.clock.now()):
            return

        def send(courriel: str, jeton: Jeton) -> None:
            write(
                Lettre(
                    campagne=campagne,
                    participante=one,
                    courriel=courriel,
                    lien=jeton,
                    retour=retour,
                    arret=arret,
                )
            )

        try:
            self.connexion.invite(one.adresse, one.id, send)
        except (CourrielNonParti, TropDeLiens):
            self.store.give_back(rappel)
            bilan.reportes += 1
        except AdresseEnEchec:
            self.store.failed(rappel.retour, today, definitif=True)
            self.store.give_back(rappel)
            bilan.refuses += 1
        else:
            self.store.sent(rappel, self.edition.clock.now())
            bilan.partis += 1

    def _suivis(self, campagne: Campagne) -> list[Suivi]:
        envois = defaultdict(list)
        for envoi in self.store.envois(campagne.id):
            envois[envoi.structure_id].append(envoi)
        appels = {appel.structure_id: appel for appel in self.store.appels(campagne.id)}
        today = self.edition.clock.today()
        lieux, others = self._lieux(self.perimetres.get(campagne.perimetre, NOWHERE))
        return [
            Suivi(
                participante=one,
                lieu=lieux[one.code_insee] if one.code_insee else others[one.id],
                etat=one.etat(campagne, today),
                envois=envois[one.id],
                appel=appels.get(one.id),
            )
            for one in self.store.participantes(lieux, others)
            if one.is_in(campagne)
        ]

    def _lieux(self, perimetre: Zone) -> tuple[Mapping[str, Zone], Mapping[StructureId, Zone]]:
        """Returns the communes inside a perimeter, and the structures without one that are.

        These stand where the rights on them look: whoever runs a campaign may open those in it.
        """
        communes = {code: self.edition.cible_at(None, code).lieu for code in self.store.communes()}
        others = {
            structure.id: self.edition.lieu_of(structure, offres)
            for structure, offres in self.store.sans_commune()
        }
        return (
            {code: lieu for code, lieu in communes.items() if is_inside(lieu, perimetre)},
            {ident: lieu for ident, lieu in others.items() if is_inside(lieu, perimetre)},
        )

    def _reaches(self, acteur: Acteur, perimetre: str) -> bool:
        lieu = self.perimetres.get(perimetre, NOWHERE)
        return peut(acteur, Action.MENER_CAMPAGNE, Cible(lieu=lieu))

    def _require(self, acteur: Acteur, campagne: Campagne) -> None:
        if not self._reaches(acteur, campagne.perimetre):
            raise DroitRefuse

    def _require_contact(self, acteur: Acteur, structure_id: StructureId) -> None:
        cible = self.edition.cible(FicheRef(objet=STRUCTURE, id=structure_id))
        self.edition.require(acteur, Action.REGLER_RAPPELS, cible)


def is_inside(lieu: Zone, perimetre: Zone) -> bool:
    """Tells whether a place that is known lies within a perimeter."""
    return not lieu.is_empty and perimetre.covers(lieu) is Valeur.OUI


def echec_of(contact: Contact, adresse: str | None) -> Echec | None:
    """Returns the address of a structure when messages to it come back."""
    if adresse is None or not contact.is_en_echec(adresse):
        return None
    return Echec(adresse=adresse, depuis=contact.echec_le)

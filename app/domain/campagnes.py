"""Campaigns that ask structures whether their listings are still true, and who has answered.

Whether a structure has answered is never stored: it follows from the dates of its listings, which
the record keeps with their whole history. What a new campaign may ask is in `campagnes_regles`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.comptes import courriel_key
from app.domain.connexion import Empreinte, empreinte_of
from app.domain.edition import FicheRef, Revision
from app.domain.errors import CatalogueError
from app.domain.offre import StructureId

MOIS_PAR_DEFAUT = 6  # design section 8: a listing not confirmed for 6 months is flagged to readers
# DORA writes again after 10 days and gives up after 30 (peers.md): three messages in that time.
RELANCES_PAR_DEFAUT = (10, 20)
# Soliguide opens its campaigns 6 to 8 weeks before what they prepare (peers.md).
DUREE_PAR_DEFAUT = timedelta(weeks=8)
# A process that has taken a message to send has sent it, or died: a server gets 10 s to answer.
BAIL = timedelta(hours=1)
MAX_PASSAGERS = 5  # passing failures in a row before a person looks; servers retry by themselves
# Nobody opens twice the same campaign in so little time, nor calls a structure twice for nothing
# more: a button was pressed twice, or its page sent again.
MEME_GESTE = timedelta(minutes=10)
SEMAINE = timedelta(days=7)
CREATION = "creation"  # the revision that makes a listing
CONFIRMATION = "confirmation"  # the revision that says that nothing has changed


class Etat(StrEnum):
    """Where a structure stands in a campaign, from before its first day to long after its last one.

    `FAIT`: each listing was confirmed or changed on a day of the campaign. What comes after the end
    is no answer to it: the figures of a campaign that is over stay.

    Until the end, who has not done so is `A_FAIRE`, however many messages have left: the last one
    is answered too, and so is a call. The two states of e-mail are those of structures that are
    written to: nobody misses the address of who wants to be called, or left in peace.
    `SANS_COURRIEL` has no address, `COURRIEL_EN_ECHEC` one that cannot be written to: they are to
    be called, and stay so after the end, since the address is still to be found.

    After the end, on its last day or on the day when it was stopped, `A_FAIRE` becomes
    `JAMAIS_REPONDU` when not one listing was answered for, `INCOMPLET` when some were: both
    whatever way they were asked.
    """

    A_FAIRE = "a_faire"
    FAIT = "fait"
    INCOMPLET = "incomplet"
    JAMAIS_REPONDU = "jamais_repondu"
    SANS_COURRIEL = "sans_courriel"
    COURRIEL_EN_ECHEC = "courriel_en_echec"


class ModeContact(StrEnum):
    """How a structure wants to be asked."""

    COURRIEL = "courriel"
    TELEPHONE = "telephone"
    AUCUNE = "aucune"


class Resultat(StrEnum):
    """What came of a call."""

    CONFIRME = "confirme"
    A_RAPPELER = "a_rappeler"
    INJOIGNABLE = "injoignable"


class CampagneInconnue(CatalogueError):
    """No campaign has this number, or the structure is not in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Campagne:
    """What is asked, of whom, and when.

    `perimetre` is the slug of a territory or basin. Empty `reseaux` or `thematiques` are all.
    `relances` are days after the beginning. `mois` None asks every structure, however fresh.
    `arretee_le` is the day when it was stopped before its end, None when it was not.
    """

    id: int = 0
    nom: str
    perimetre: str
    debut: date
    fin: date
    reseaux: tuple[str, ...] = ()
    thematiques: tuple[str, ...] = ()
    relances: tuple[int, ...] = RELANCES_PAR_DEFAUT
    message: str = ""
    mois: int | None = MOIS_PAR_DEFAUT
    arretee_le: date | None = None

    @property
    def dernier_jour(self) -> date:
        """The last day when an answer counts."""
        return min(self.fin, self.arretee_le or self.fin)

    def is_finie(self, jour: date) -> bool:
        """True once it asks nothing more: after its end, and as soon as it is stopped."""
        return self.arretee_le is not None or jour > self.fin

    def is_ouverte(self, jour: date) -> bool:
        """True on the days of the campaign, both ends included, unless it was stopped."""
        return self.debut <= jour and not self.is_finie(jour)

    def rang_du(self, jour: date, partis: Sequence[date]) -> int | None:
        """Returns the rank of the message that is due, 0 for the first, None when none is.

        A reminder waits its whole interval after the one before, even when that one left late.
        """
        days = (0, *self.relances)
        rang = len(partis)
        if not self.is_ouverte(jour) or rang >= len(days):
            return None
        if (jour - self.debut).days < days[rang]:
            return None
        if partis and (jour - max(partis)).days < days[rang] - days[rang - 1]:
            return None
        return rang


@dataclass(frozen=True, slots=True, kw_only=True)
class FicheSuivie:
    """A published listing, and when it was last known true, through time.

    `dates` are pairs in order: from that day on, it was known true on that date. `revision` is the
    newest one, 0 when it has none; `changement` the newest that changed what it says.
    """

    ref: FicheRef
    nom: str
    dates: tuple[tuple[date, date], ...]
    revision: int = 0
    changement: Revision | None = None

    @property
    def a_jour_le(self) -> date:
        """When it was last known true, as of now."""
        return self.dates[-1][1]

    def au(self, jour: date) -> date | None:
        """Returns when it was last known true as of the end of a day, None before it existed."""
        return next((true for since, true in reversed(self.dates) if since <= jour), None)

    def repondue_le(self, debut: date, fin: date) -> date | None:
        """Returns the day of its first confirmation or change between two days, both included."""
        days = (max(since, true) for since, true in self.dates if true >= debut)
        return next((day for day in days if day <= fin), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How a structure is asked, apart from what the public reads.

    `echec` is the digest of an address that a server refused for good, `echec_le` the day when it
    was first known, None for one of before days were kept: another address works again.
    """

    mode: ModeContact = ModeContact.COURRIEL
    courriel: str | None = field(default=None, repr=False)
    echec: Empreinte | None = None
    echec_le: date | None = None
    passagers: int = 0

    def is_en_echec(self, courriel: str) -> bool:
        """True when an address must not be written to again."""
        return self.echec == adresse_empreinte(courriel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Participante:
    """A structure with its listings; `courriel` and `telephone` are those of its public sheet.

    Without `code_insee`, it stands where its offers are given.
    """

    id: StructureId
    nom: str
    code_insee: str | None
    courriel: str | None = field(repr=False)
    telephone: str | None
    reseaux: frozenset[str]
    thematiques: frozenset[str]
    fiches: tuple[FicheSuivie, ...]
    contact: Contact = field(default_factory=Contact)

    @property
    def adresse(self) -> str | None:
        """Where it is written to."""
        return self.contact.courriel or self.courriel

    @property
    def vue(self) -> str:
        """What its listings say, as one word: another one when anything of them has changed.

        A confirmation changes nothing of it.
        """
        changes = (fiche.changement for fiche in self.fiches)
        return "-".join(f"{change.id if change else 0}" for change in changes)

    @property
    def derniere_confirmation(self) -> date:
        """When the listing that is the oldest was last known true."""
        return min(fiche.a_jour_le for fiche in self.fiches)

    def is_in(self, campagne: Campagne) -> bool:
        """True when a campaign asks it, as its listings were on the day that it began."""
        if campagne.reseaux and self.reseaux.isdisjoint(campagne.reseaux):
            return False
        if campagne.thematiques and self.thematiques.isdisjoint(campagne.thematiques):
            return False
        if campagne.mois is None:
            return True
        before = campagne.debut - timedelta(days=1)
        # A listing that came later counts as it came: an import brings old ones too.
        known = (fiche.au(before) or fiche.dates[0][1] for fiche in self.fiches)
        return any(is_old(true, before, campagne.mois) for true in known)

    def reponses(self, campagne: Campagne) -> list[date | None]:
        """Returns the day when each listing was answered for in a campaign, None for not at all."""
        debut, fin = campagne.debut, campagne.dernier_jour
        return [fiche.repondue_le(debut, fin) for fiche in self.fiches]

    def fait_le(self, campagne: Campagne) -> date | None:
        """Returns the day when everything was confirmed or changed, None when it was not."""
        days = self.reponses(campagne)
        answered = [day for day in days if day is not None]
        return max(answered) if len(answered) == len(days) else None

    def etat(self, campagne: Campagne, jour: date) -> Etat:
        """Returns where it stands on a day."""
        if self.fait_le(campagne) is not None:
            return Etat.FAIT
        if self.contact.mode is ModeContact.COURRIEL:
            if self.adresse is None:
                return Etat.SANS_COURRIEL
            if self.contact.is_en_echec(self.adresse):
                return Etat.COURRIEL_EN_ECHEC
        if not campagne.is_finie(jour):
            return Etat.A_FAIRE
        return Etat.INCOMPLET if any(self.reponses(campagne)) else Etat.JAMAIS_REPONDU

    def may_be_written(self, campagne: Campagne, jour: date) -> bool:
        """True when a message is wanted, and has somewhere to go."""
        is_wanted = self.contact.mode is ModeContact.COURRIEL
        return is_wanted and self.etat(campagne, jour) is Etat.A_FAIRE


@dataclass(frozen=True, slots=True, kw_only=True)
class Semaine:
    """One week of a plot: its first day, a count, and what it is counted among."""

    jour: date
    nombre: int
    total: int


def adresse_empreinte(courriel: str) -> Empreinte:
    """Returns the digest by which a failing address is known again."""
    return empreinte_of(courriel_key(courriel))


def is_old(true: date, jour: date, mois: int) -> bool:
    """True when whole months have gone since a listing was known true, as its readers count."""
    months = 12 * (jour.year - true.year) + jour.month - true.month - (jour.day < true.day)
    return months >= mois


def chronologie(
    date_maj: date, confirmation: date | None, revisions: Sequence[Revision]
) -> tuple[tuple[date, date], ...]:
    """Returns the dates of a listing through time, from what it says now and its history.

    Revisions are in order. What was before the first one is true from the beginning, unless that
    revision made the listing.
    """
    now: dict[str, date | None] = {"date_maj": date_maj, "derniere_confirmation": confirmation}
    dates = []
    for revision in reversed(revisions):
        dates.append((revision.quand.date(), _newest(now)))
        if revision.action == CREATION:
            break
        for name in now.keys() & revision.changes.keys():
            before = revision.changes[name][0]
            now[name] = date.fromisoformat(before) if before else None
    else:
        dates.append((date.min, _newest(now)))
    return tuple(reversed(dates))


def last_change(revisions: Sequence[Revision]) -> Revision | None:
    """Returns the newest revision, of some in order, that is more than a confirmation."""
    return next((one for one in reversed(revisions) if one.action != CONFIRMATION), None)


def _newest(days: Mapping[str, date | None]) -> date:
    return max(day for day in days.values() if day is not None)


def semaines(debut: date, fin: date) -> list[date]:
    """Returns the first days of the weeks of a span, counted from its beginning."""
    return [debut + SEMAINE * rank for rank in range((fin - debut).days // 7 + 1)]


def part_confirmee(
    participantes: Sequence[Participante], debut: date, fin: date, mois: int = MOIS_PAR_DEFAUT
) -> list[Semaine]:
    """Returns, at the end of each week, how many listings were known true within some months."""
    fiches = [fiche for one in participantes for fiche in one.fiches]
    weeks = []
    for first in semaines(debut, fin):
        last = min(first + SEMAINE - timedelta(days=1), fin)
        known = [true for fiche in fiches if (true := fiche.au(last)) is not None]
        fresh = sum(not is_old(true, last, mois) for true in known)
        weeks.append(Semaine(jour=first, nombre=fresh, total=len(known)))
    return weeks


def reponses(
    campagne: Campagne, participantes: Sequence[Participante], jour: date
) -> list[Semaine]:
    """Returns how many structures finished in each week of a campaign, up to a day."""
    done = [one.fait_le(campagne) for one in participantes]
    return [
        Semaine(
            jour=first,
            nombre=sum(day is not None and first <= day < first + SEMAINE for day in done),
            total=len(participantes),
        )
        for first in semaines(campagne.debut, min(jour, campagne.dernier_jour))
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rappel:
    """A message taken to be sent: nobody else sends it while its taker may still be at work."""

    campagne_id: int
    structure_id: StructureId
    rang: int
    retour: Empreinte
    """The digest of the token that brings its failure back."""
    arret: Empreinte
    """The digest of the token that stops reminders."""
    adresse: Empreinte


@dataclass(frozen=True, slots=True, kw_only=True)
class Envoi:
    """A message that has left."""

    structure_id: StructureId
    rang: int
    parti_le: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Appel:
    """A call and what came of it; `auteur` as the history names people."""

    structure_id: StructureId
    quand: datetime
    auteur: str
    resultat: Resultat

"""Open or closed, said as one would at the door: until when, when next, and which holiday."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.hours.opening import state_at
from app.hours.status import Holiday, Status, status_at
from app.web.public.documents import Document, first_text
from app.web.public.horaires import JOURS, hour_in_words
from app.web.public.typographie import NBSP, day_fr

MINUTES_COUNTED = 60  # nearer than an hour, how long is left helps more than the time
DAYS_NAMED = 6  # later, the name of the day would be taken for that of this week


class NowState(StrEnum):
    """What a page may say of now; its values are names of style classes."""

    OPEN = "ouvert"
    CLOSED = "ferme"
    UNKNOWN = "inconnu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What is true now; `short` has room on a card, and is None when there is nothing to say."""

    state: NowState
    text: str
    short: str | None
    notices: Sequence[str] = ()


def opening_of(hours: str | None, now: datetime, *, has_telephone: bool) -> Opening:
    """Returns what opening hours say of now, and whom to ask when they say nothing."""
    ask = ask_first(has_telephone=has_telephone)
    if not hours:
        return _unknown(f"Horaires inconnus{NBSP}: {ask}", None)
    status = status_at(hours, now)
    notices = tuple(map(_notice, status.coming))
    if status.state:
        text = _open(status)
        return Opening(state=NowState.OPEN, text=text, short=text, notices=notices)
    if status.holiday and not status.holiday.is_closed:
        text = f"Aujourd’hui est férié ({status.holiday.name}){NBSP}: {_call(has_telephone)}"
        return _unknown(text, "Férié, horaires incertains", notices)
    if status.state is None:
        return _unknown(f"Horaires incertains{NBSP}: {ask}", "Horaires incertains", notices)
    short = _closed(status)
    more = f"{NBSP}: {ask}" if status.may_open else ""
    return Opening(state=NowState.CLOSED, text=f"{short}{more}", short=short, notices=notices)


def is_open_now(document: Document, now: datetime) -> bool | None:
    """Tells whether an offer, or else its structure as searches do, is open; None is a doubt."""
    hours = _hours_of(document)
    return state_at(hours, now) if hours else None


def short_opening(document: Document, now: datetime) -> str | None:
    """Returns what a card says of now, by the same hours as `is_open_now`; None without hours."""
    return opening_of(_hours_of(document), now, has_telephone=False).short


def _hours_of(document: Document) -> str | None:
    return first_text("horaires_accueil", document, document.get("structure") or {})


def _unknown(text: str, short: str | None, notices: Sequence[str] = ()) -> Opening:
    return Opening(state=NowState.UNKNOWN, text=text, short=short, notices=notices)


def ask_first(*, has_telephone: bool) -> str:
    """Returns what to do before going somewhere whose hours are not known."""
    return f"{'appelez' if has_telephone else 'renseignez-vous'} avant de vous déplacer"


def _call(has_telephone: bool) -> str:
    return f"{'appelez' if has_telephone else 'renseignez-vous'} pour savoir si c’est ouvert"


def _open(status: Status) -> str:
    if status.until is None:
        return f"Ouvert 24{NBSP}h sur 24"
    until = _when(status.until, status.today, is_closing=True)
    if not status.is_end_certain:
        return f"Ouvert, au moins {_up_to(until)}"
    if status.minutes_left is not None and status.minutes_left <= MINUTES_COUNTED:
        return f"Ouvert, ferme dans {max(1, status.minutes_left)}{NBSP}min"
    return f"Ouvert, ferme {until}"


def _closed(status: Status) -> str:
    said = f"Fermé aujourd’hui{NBSP}: {status.holiday.name}" if status.holiday else "Fermé"
    if status.may_open:
        return f"{said}, ouvrira peut-être {_when(status.may_open, status.today)}"
    if status.opens:
        return f"{said}, ouvre {_when(status.opens, status.today)}"
    return f"{said}, réouverture inconnue"


def _when(moment: datetime, today: date, *, is_closing: bool = False) -> str:
    day, hour = moment.date(), f"à {hour_in_words(f'{moment:%H:%M}')}"
    if is_closing and moment.time() == time():
        day, hour = day - timedelta(days=1), "à minuit"  # as it is said: the end of that day
    days = (day - today).days
    if days == 0:
        return hour if is_closing else f"aujourd’hui {hour}"
    if days == 1:
        return f"demain {hour}"
    if days <= DAYS_NAMED:
        return f"{JOURS[day.weekday()]} {hour}"
    return f"le {day_fr(day)} {hour}"


def _up_to(when: str) -> str:
    if when.startswith("le "):
        return f"jusqu’au {when.removeprefix('le ')}"
    return f"jusqu’{when}" if when.startswith("à ") else f"jusqu’à {when}"


def _notice(holiday: Holiday) -> str:
    how = "fermé" if holiday.is_closed else "férié"
    day = f"{JOURS[holiday.day.weekday()]} {day_fr(holiday.day)}"
    return f"Attention{NBSP}: {how} le {day} ({holiday.name})"

"""Moments as people say them: “now”, “Wednesday morning”."""

from datetime import date, datetime, time, timedelta

MAINTENANT = "maintenant"
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
# An hour at which nearly everything that opens on that half of the day is open.
_HEURES = {"matin": time(10), "apres-midi": time(15)}
_MOITIES = {"matin": "matin", "apres-midi": "après-midi"}

MOMENTS: dict[str, str] = {
    MAINTENANT: "Maintenant",
    **{
        f"{jour}-{moitie}": f"{jour.capitalize()} {said}"
        for jour in JOURS
        for moitie, said in _MOITIES.items()
    },
}


def moment_at(moment: str, now: datetime, today: date) -> datetime:
    """Returns the instant of a moment: now, or the next such day, today included, local time.

    Raises `ValueError` for a moment that is none.
    """
    if moment == MAINTENANT:
        return now
    jour, _, moitie = moment.partition("-")
    ahead = (JOURS.index(jour) - today.weekday()) % len(JOURS)
    return datetime.combine(today + timedelta(days=ahead), _HEURES[moitie])

"""How old a listing is, in words, and what to do about it."""

from dataclasses import dataclass
from datetime import date

from app.web.public.documents import Document
from app.web.public.typographie import date_fr, parse_date

MONTHS_BEFORE_WARNING = 6  # design section 8: listings not confirmed for 6 months are flagged


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """When a listing was last known true; `advice` is None while it is recent."""

    label: str
    advice: str | None


def freshness_of(document: Document, today: date, *, has_telephone: bool) -> Freshness:
    """Returns the later of the source's date and the last confirmation, with a warning if old."""
    updated = parse_date(document.get("date_maj")) or today
    confirmed = parse_date(document.get("derniere_confirmation"))
    if confirmed is not None and confirmed >= updated:
        label, latest = f"Confirmé par la structure le {date_fr(confirmed)}", confirmed
    else:
        label, latest = f"Mis à jour le {date_fr(updated)}", updated
    if months_between(latest, today) < MONTHS_BEFORE_WARNING:
        return Freshness(label=label, advice=None)
    how = "par téléphone" if has_telephone else "avant de vous déplacer"
    return Freshness(label=label, advice=f"à vérifier {how}")


def months_between(earlier: date, later: date) -> int:
    """Returns the whole months between two days; negative never, a future date counts as today."""
    months = 12 * (later.year - earlier.year) + later.month - earlier.month
    return max(0, months - (later.day < earlier.day))

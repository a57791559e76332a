"""The facts of a sheet in the vocabulary of schema.org, for search engines and other readers."""

import re
from typing import Any

from app.domain.geographie import Geographie
from app.web.public.contact import Contact
from app.web.public.documents import Document, text_of, values_of
from app.web.public.fiche import Fiche, FicheStructure
from app.web.public.positions import point_of

Json = dict[str, Any]

CONTEXT = "https://schema.org"
FREE = "gratuit"
DAYS = {
    "Mo": "Monday", "Tu": "Tuesday", "We": "Wednesday", "Th": "Thursday",
    "Fr": "Friday", "Sa": "Saturday", "Su": "Sunday",
}  # fmt: skip
_ORDER = tuple(DAYS)
_DAY = f"(?:{'|'.join(DAYS)})"
_DAYS = f"{_DAY}(?:-{_DAY})?"
_HOUR = r"(?:[01]\d|2[0-3]):[0-5]\d"
_SPAN = f"{_HOUR}-{_HOUR}"
_RULE = re.compile(rf"({_DAYS}(?:,{_DAYS})*) ({_SPAN}(?:, ?{_SPAN})*)")


def service_of(document: Document, fiche: Fiche, url: str, geographie: Geographie) -> Json:
    """Returns a service: only what the sheet says, and no place when its address is kept secret."""
    provider = _known({"@type": "Organization", "name": fiche.structure.label})
    area = geographie.communes.get(text_of(document, "code_insee") or "")
    return _known(
        {
            "@context": CONTEXT,
            "@type": "Service",
            "name": fiche.nom,
            "url": url,
            "description": "\n".join(fiche.description),
            "serviceType": list(fiche.thematiques),
            "provider": provider,
            "areaServed": fiche.zone or (area.nom if area is not None else None),
            "audience": [{"@type": "Audience", "audienceType": p} for p in fiche.publics],
            "availableChannel": _channel(document, fiche),
            "hoursAvailable": opening_hours(fiche.hours.raw) if fiche.hours.days else [],
            "offers": _free_offer(document),
        }
    )


def organization_of(document: Document, fiche: FicheStructure, url: str) -> Json:
    """Returns the structure of a sheet."""
    place = _place(document)
    return _known(
        {
            "@context": CONTEXT,
            "@type": "Organization",
            "name": fiche.nom,
            "url": fiche.contact.site_web or url,
            "description": "\n".join(fiche.description),
            "telephone": fiche.contact.telephone,
            "email": fiche.contact.courriel,
            "address": place.get("address"),
            "location": place,
        }
    )


def opening_hours(raw: str | None) -> list[Json]:
    """Returns the hours of a simple week; nothing when a part of them is said otherwise.

    >>> opening_hours("Mo-Tu 09:00-12:00")[0]["dayOfWeek"]
    ['https://schema.org/Monday', 'https://schema.org/Tuesday']
    >>> opening_hours("Mo 09:00-12:00; PH off")
    []
    """
    specified: list[Json] = []
    met: set[str] = set()
    for part in (raw or "").strip().rstrip(";").split(";"):
        rule = _RULE.fullmatch(part.strip())
        if rule is None:
            return []
        days = _days(rule[1])
        if len(set(days)) < len(days) or not met.isdisjoint(days):
            return []  # a later rule replaces an earlier one: not for us to guess
        met.update(days)
        for span in rule[2].split(","):
            opens, closes = span.strip().split("-")
            specified.append(
                {
                    "@type": "OpeningHoursSpecification",
                    "dayOfWeek": [f"{CONTEXT}/{DAYS[day]}" for day in days],
                    "opens": opens,
                    "closes": closes,
                }
            )
    return specified


def _days(text: str) -> list[str]:
    days: list[str] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        start, count = _ORDER.index(first), len(_ORDER)
        length = (_ORDER.index(last or first) - start) % count + 1  # “Sa-Mo” goes round the week
        days += [_ORDER[(start + n) % count] for n in range(length)]
    return days


def _channel(document: Document, fiche: Fiche) -> Json | None:
    phone = _phone(fiche.contact)
    channel = _known(
        {
            "servicePhone": phone,
            "serviceUrl": fiche.contact.lien or fiche.contact.site_web,
            "serviceLocation": _place(document),
            "availableLanguage": list(values_of(document, "langues")),
        }
    )
    return {"@type": "ServiceChannel", **channel} if channel else None


def _phone(contact: Contact) -> Json | None:
    if not contact.telephone:
        return None
    return {"@type": "ContactPoint", "telephone": contact.telephone}


def _place(document: Document) -> Json:
    if document.get("adresse_confidentielle"):
        return {}
    address = _known(
        {
            "streetAddress": text_of(document, "adresse"),
            "postalCode": text_of(document, "code_postal"),
            "addressLocality": text_of(document, "commune"),
        }
    )
    if not address:
        return {}
    place: Json = {
        "@type": "Place",
        "address": {"@type": "PostalAddress", **address, "addressCountry": "FR"},
    }
    point = point_of(document)
    if point is not None and not point.is_approximate:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": point.lat,
            "longitude": point.lon,
        }
    return place


def _free_offer(document: Document) -> Json | None:
    if text_of(document, "frais") != FREE:
        return None
    return {"@type": "Offer", "price": 0, "priceCurrency": "EUR"}


def _known(facts: Json) -> Json:
    return {name: value for name, value in facts.items() if value not in (None, "", [], {})}

"""Handing a sheet to someone: an e-mail, a text message, and a square to scan."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

import segno

from app.web.public.typographie import NBSP

MAX_NAME = 120  # a text message stays short: 160 characters are one, the address takes some
MAX_IN_QR = 1_000  # characters: a denser square is not read from a printed page by every telephone


@dataclass(frozen=True, slots=True, kw_only=True)
class Partage:
    """The address of a sheet, and the links that carry it; no `qr` when it is too long to scan."""

    url: str
    titre: str
    texte: str
    mailto: str
    sms: str
    qr: str | None


def partage_of(
    *, url: str, nom: str, structure: str, commune: str | None, telephone: str | None
) -> Partage:
    """Returns what shares a sheet: facts of the listing, and nothing of who shares it."""
    titre, structure = _short(nom), _short(structure)
    who = f"{structure}, {commune}" if commune else structure
    lines = [titre, who, f"Téléphone{NBSP}: {telephone}" if telephone else "", url]
    body = "\r\n".join(line for line in lines if line).replace(NBSP, " ")
    short = f"{titre}, {who}. {telephone or ''} {url}".replace(NBSP, " ")
    return Partage(
        url=url,
        titre=titre,
        texte=f"{titre}, {who}",
        mailto=f"mailto:?subject={_encoded(titre)}&body={_encoded(body)}",
        sms=f"sms:?&body={_encoded(' '.join(short.split()))}",
        qr=qr_svg(url) if len(url) <= MAX_IN_QR else None,
    )


LISTE = "Des offres d’aide"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListeAPartager:
    """The address of a list of offers, and the links that carry it."""

    titre: str = LISTE
    texte: str = LISTE
    url: str
    mailto: str
    sms: str
    qr: str | None


def liste_a_partager(url: str, offres: Sequence[tuple[str, str | None]]) -> ListeAPartager:
    """Returns what shares a list: names and telephones of its offers, and its address."""
    lines = [f"{_short(nom)}{f' : {telephone}' if telephone else ''}" for nom, telephone in offres]
    body = "\r\n".join((*lines, url)).replace(NBSP, " ")
    return ListeAPartager(
        url=url,
        mailto=f"mailto:?subject={_encoded(LISTE)}&body={_encoded(body)}",
        sms=f"sms:?&body={_encoded(f'{LISTE} : {url}')}",
        qr=qr_svg(url) if len(url) <= MAX_IN_QR else None,
    )


def qr_svg(url: str) -> str:
    """Returns the QR code of an address as inline SVG, black on white in every colour scheme."""
    code = segno.make_qr(url, error="m")
    return code.svg_inline(omitsize=True, dark="#000", light="#fff", svgclass="qr", lineclass=None)


def _short(text: str) -> str:
    text = " ".join(text.replace(NBSP, " ").split())
    return text if len(text) <= MAX_NAME else f"{text[: MAX_NAME - 1].rstrip()}…"


def _encoded(text: str) -> str:
    return quote(text, safe="")  # a space is %20: mail programs show a “+” as it is

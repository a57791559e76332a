"""A message as a person reads it in a terminal: decoded, in a frame."""

from email.message import EmailMessage
from typing import Final

from app.mail.adresses import is_breaking
from app.mail.message import Courriel, Emetteur

WIDTH = 78
TITLE: Final = " Courriel affiché, et non envoyé "
# What the person reads in words of their own, or does not need to.
_TOLD: Final = frozenset({"from", "to", "subject", "date"})


def framed(courriel: Courriel, emetteur: Emetteur, message: EmailMessage) -> str:
    """Returns the whole message in a frame; long lines are left whole, so that links still work."""
    head = [
        f"De : {emetteur.nom} <{emetteur.adresse}>",
        f"À : {courriel.destinataire}",
        f"Objet : {courriel.sujet}",
        f"Date : {message['Date']}",
    ]
    if courriel.retour is not None:
        head.append(f"Retour : {courriel.retour}")
    head += [
        f"{name} : {value}"
        for name, value in message.items()
        if name.lower() not in _TOLD and not name.lower().startswith(("content-", "mime-"))
    ]
    body = courriel.texte.splitlines()
    if courriel.html is not None:
        body += ["", "(Une version HTML accompagne ce texte.)"]
    lines = [f"│ {_harmless(line)}".rstrip() for line in [*head, "", *body]]
    top = "┌─" + TITLE.ljust(WIDTH - 2, "─")
    return "\n".join([top, *lines, "└".ljust(WIDTH, "─"), ""])


def _harmless(line: str) -> str:
    # A text may hold what somebody typed: no character of it commands the terminal.
    return "".join("�" if is_breaking(sign) and sign != "\t" else sign for sign in line)

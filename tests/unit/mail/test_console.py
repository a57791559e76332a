"""In development, a message is read in the terminal."""

import io

import pytest

from app.mail.message import Courriel
from app.mail.sender import ConsoleExpediteur, expediteur_of

LINK = "https://eventail.exemple.fr/connexion/" + "a1B2" * 25


def shown(courriel: Courriel) -> str:
    stream = io.StringIO()
    ConsoleExpediteur(stream, "contact@exemple.fr").send(courriel)
    return stream.getvalue()


def test_a_message_is_shown_decoded_in_a_frame() -> None:
    text = shown(
        Courriel(
            destinataire="camille@forêt.fr",
            sujet="Votre accès à Éventail",
            texte=f"Bonjour,\n\nVoici votre lien :\n{LINK}\n",
            retour="a1",
            headers=(("List-Unsubscribe", "<https://eventail.exemple.fr/stop>"),),
        )
    )

    lines = text.splitlines()
    assert lines[0].startswith("┌─ Courriel affiché, et non envoyé ─")
    assert lines[1:4] == [
        "│ De : Éventail <contact@exemple.fr>",
        "│ À : camille@forêt.fr",
        "│ Objet : Votre accès à Éventail",
    ]
    assert "│ Retour : a1" in lines
    assert "│ List-Unsubscribe : <https://eventail.exemple.fr/stop>" in lines
    assert "│ Auto-Submitted : auto-generated" in lines
    assert lines[-6:-1] == ["│", "│ Bonjour,", "│", "│ Voici votre lien :", f"│ {LINK}"]
    assert lines[-1].startswith("└─")


def test_the_html_form_is_mentioned_only() -> None:
    courriel = Courriel(destinataire="a@exemple.fr", sujet="b", texte="c", html="<p>c</p>")

    text = shown(courriel)

    assert "│ (Une version HTML accompagne ce texte.)\n" in text
    assert "<p>" not in text


def test_no_text_commands_the_terminal() -> None:
    text = shown(Courriel(destinataire="a@exemple.fr", sujet="b", texte="\x1b[2Jbonjour\x07\tvous"))

    assert "│ �[2Jbonjour�\tvous\n" in text


def test_a_terminal_without_accents_does_not_stop_the_site() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")

    ConsoleExpediteur(stream, "contact@exemple.fr").send(
        Courriel(destinataire="a@exemple.fr", sujet="été", texte=LINK)
    )

    assert b"Objet : ?t?\n" in raw.getvalue()
    assert LINK.encode() in raw.getvalue()


def test_a_site_without_a_mail_server_prints(capsys: pytest.CaptureFixture[str]) -> None:
    expediteur = expediteur_of(None, "contact@exemple.fr", nom="Le site")

    expediteur.send(Courriel(destinataire="a@exemple.fr", sujet="b", texte="c"))

    assert "│ De : Le site <contact@exemple.fr>\n" in capsys.readouterr().out

"""`flask campagnes`: messages over a real mail server, sent once, and those that come back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email import message_from_bytes

from app.clock import ParisClock
from app.domain.campagnes import BAIL, Campagne, Rappel, adresse_empreinte
from app.domain.connexion import empreinte_of
from app.domain.offre import StructureId
from app.persistence.campagnes import SqlCampagneStore
from tests.integration.mail_server import HOST, Mailbox, Received, serving
from tests.integration.site import SERVICE, STRUCTURE, Site
from tests.unit.mail.reports import POSTFIX

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
IDENT = StructureId("dora--1")
SEND = ("campagnes", "envoyer")


def opened(site: Site) -> SqlCampagneStore:
    """A site with one structure that has an address, and a campaign that begins today."""
    site.import_(site.write("flux", [{**STRUCTURE, "courriel": "accueil@garage.fr"}, SERVICE]))
    store, today = SqlCampagneStore(site.engine), ParisClock().today()
    one = Campagne(
        nom="Hiver", perimetre="vaucluse", debut=today, fin=today, relances=(), message="Merci."
    )
    assert store.get(store.add(one, "compte:1", NOON)).message == "Merci."
    return store


def settings(port: int) -> dict[str, str]:
    return {
        "MAIL_URL": f"smtp://{HOST}:{port}",
        "SITE_URL": "https://eventail.example",
        "CONTACT_EMAIL": "contact@eventail.example",
    }


def sent_once(site: Site) -> tuple[SqlCampagneStore, Received]:
    mailbox = Mailbox()
    with serving(mailbox) as port:
        site.more = settings(port)
        store = opened(site)
        for _ in range(2):
            assert site.run(*SEND).exit_code == 0
    (received,) = mailbox.received
    return store, received


def bounce_to(address: str, status: str = "5.1.1") -> bytes:
    text = POSTFIX.replace("rebonds+jeton_A-1@exemple.fr", address)
    return text.replace("5.1.1", status).encode()


def test_a_message_leaves_once_with_what_stops_it(site: Site) -> None:
    _, received = sent_once(site)

    message = message_from_bytes(received.content)
    text = message.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert received.destinataires == ("accueil@garage.fr",)
    assert received.sender.startswith("rebonds+")
    assert received.sender == received.sender.lower()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"].startswith("<https://eventail.example/rappels/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "https://eventail.example/lien/" in text
    assert "Merci." in text


def test_a_bounce_stops_messages_to_that_address_and_a_forged_one_nothing(site: Site) -> None:
    store, received = sent_once(site)

    forged = site.run("campagnes", "rebonds", given=bounce_to(f"rebonds+{'a' * 32}@exemple.fr"))
    assert "Échecs notés : 0." in forged.output
    assert not store.contact(IDENT).is_en_echec("accueil@garage.fr")

    passing = site.run("campagnes", "rebonds", given=bounce_to(received.sender, "4.2.2"))
    assert "Échecs notés : 1." in passing.output
    assert store.contact(IDENT).passagers == 1
    assert not store.contact(IDENT).is_en_echec("accueil@garage.fr")

    site.run("campagnes", "rebonds", given=bounce_to(received.sender.upper()))
    assert store.contact(IDENT).is_en_echec("accueil@garage.fr")
    assert not store.contact(IDENT).is_en_echec("autre@garage.fr")


def test_without_the_address_of_the_site_nothing_leaves(site: Site) -> None:
    opened(site)

    refused = site.run(*SEND)

    assert refused.exit_code == 1
    assert "SITE_URL" in refused.output


def make_rappel(token: str) -> Rappel:
    return Rappel(
        campagne_id=1,
        structure_id=IDENT,
        rang=0,
        retour=empreinte_of(f"retour {token}"),
        arret=empreinte_of(f"arret {token}"),
        adresse=adresse_empreinte("accueil@garage.fr"),
    )


def test_of_two_at_once_one_takes_a_message(site: Site) -> None:
    store = opened(site)

    with ThreadPoolExecutor(2) as pool:
        taken = list(pool.map(lambda token: store.take(make_rappel(token), NOON), "ab"))

    assert sorted(taken) == [False, True]


def test_what_a_dead_process_had_taken_is_taken_again_and_what_left_is_not(site: Site) -> None:
    store = opened(site)
    assert store.take(make_rappel("a"), NOON)
    assert not store.take(make_rappel("b"), NOON + BAIL / 2)

    assert store.take(make_rappel("b"), NOON + BAIL)
    store.sent(make_rappel("a"), NOON)  # the first was alive after all: it holds nothing any more
    assert store.envois(1) == []
    store.sent(make_rappel("b"), NOON + BAIL)

    assert not store.take(make_rappel("c"), NOON + 3 * BAIL)
    assert [envoi.rang for envoi in store.envois(1)] == [0]

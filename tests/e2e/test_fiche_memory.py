"""A lost network, a closed tab: nothing that was typed is lost, and nobody else reads it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.e2e.partners import EDIT, SHEET, Partners, running

NAME = "Nom de l’offre"
KEEP, LOOK, PUBLISH = (
    f".espace-save button[value={value}]" for value in ("brouillon", "apercu", "enregistrer")
)
KEPT = "Object.values(localStorage).join()"
UNTIL_KEPT = """(before) => new Promise((resolve) => {
  const isKept = () => Object.values(localStorage).join() !== before;
  const look = () => (isKept() ? resolve() : requestAnimationFrame(look));
  look();
})"""
# Played by the page itself: a predicate looked at again from outside is refused as `unsafe-eval`.
UNTIL_NOTHING_IS_KEPT = """() => new Promise((resolve) => {
  const look = () => (localStorage.length === 0 ? resolve() : requestAnimationFrame(look));
  look();
})"""


@pytest.fixture
def partners(people_dir: Path, tmp_path: Path, chromium: Browser) -> Iterator[Partners]:
    with running(people_dir, tmp_path, chromium) as served:
        yield served


def typed(page: Page, text: str) -> None:
    """Types a name, and waits until this browser has kept it."""
    before = page.evaluate(KEPT)
    page.get_by_label(NAME).fill(text)
    page.evaluate(UNTIL_KEPT, before)


def closed_and_opened(page: Page) -> Page:
    """Closes the tab at once, whatever it holds, and opens another."""
    context = page.context
    page.close()
    again = context.new_page()
    again.goto(EDIT)
    return again


def test_a_form_that_cannot_leave_stays_and_leaves_at_the_next_press(partners: Partners) -> None:
    page = partners.window()
    page.goto(EDIT)
    expect(page.locator("#apercu")).to_be_visible()
    page.get_by_label(NAME).fill("Écrit dans le train")
    page.context.set_offline(True)
    page.locator(PUBLISH).click()

    expect(page.locator("[data-etat]")).to_contain_text("Le site ne répond pas")
    expect(page.get_by_label(NAME)).to_have_value("Écrit dans le train")
    page.locator(KEEP).click()
    expect(page.locator("[data-etat]")).to_contain_text("Le site ne répond pas")
    page.locator("#eligibilite").get_by_role("button", name="Ajouter une condition").first.click()
    expect(page.locator("[data-etat]")).to_contain_text("Le site ne répond pas")
    expect(page.get_by_label(NAME)).to_have_value("Écrit dans le train")
    page.context.set_offline(False)
    page.locator(PUBLISH).click()
    expect(page.locator(".notice", has_text="Écrit dans le train")).to_be_visible()
    page.evaluate(UNTIL_NOTHING_IS_KEPT)  # erased once it is published


def test_the_result_says_when_it_cannot_follow(partners: Partners) -> None:
    page = partners.window()
    page.goto(EDIT)
    expect(page.locator("#apercu")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_label(NAME).fill("Écrit dans le train")

    expect(page.locator("[data-annonce]")).to_contain_text("n’a pas pu être mis à jour")


def test_what_a_closed_tab_held_is_offered_back(partners: Partners) -> None:
    page = partners.window()
    page.goto(EDIT)
    page.locator("#eligibilite").get_by_role("button", name="Ajouter une condition").first.click()
    expect(page.locator("[id='eligibilite.1.fait']")).to_be_visible()
    typed(page, "Presque perdu")
    page = closed_and_opened(page)
    expect(page.locator("[data-reprise]")).to_contain_text("Reprendre ce que vous aviez écrit")
    page.get_by_role("button", name="Reprendre", exact=True).click()

    expect(page.get_by_label(NAME)).to_have_value("Presque perdu")
    expect(page.locator("[id='eligibilite.1.fait']")).to_be_visible()
    expect(page.locator("[data-reprise]")).to_be_hidden()


def test_what_was_kept_is_thrown_away_at_a_press(partners: Partners) -> None:
    page = partners.window()
    page.goto(EDIT)
    typed(page, "À jeter")
    page = closed_and_opened(page)
    page.get_by_role("button", name="L’effacer").click()

    expect(page.locator("[data-reprise]")).to_be_hidden()
    page.evaluate(UNTIL_NOTHING_IS_KEPT)


def test_what_is_kept_is_enciphered_and_offered_to_its_author_only(partners: Partners) -> None:
    page = partners.window()
    page.goto(EDIT)
    typed(page, "Secret du poste partagé")
    assert "Secret" not in page.evaluate(KEPT)
    other = partners.site.person("coordinateur").get_cookie("eventail")
    assert other is not None
    page.context.add_cookies([{"name": "eventail", "value": other.value, "url": partners.address}])
    page = closed_and_opened(page)

    expect(page.locator("#apercu")).to_be_visible()
    expect(page.locator("[data-reprise]")).to_be_hidden()


def test_signing_out_erases_what_was_kept(partners: Partners) -> None:
    page = partners.window()
    page.goto(EDIT)
    typed(page, "Avant de partir")
    page.get_by_role("button", name="Me déconnecter").click()

    expect(page.get_by_role("button", name="Me déconnecter")).to_have_count(0)
    page.evaluate(UNTIL_NOTHING_IS_KEPT)


def test_leaving_in_a_hurry_is_asked_nothing_and_leaves_nothing(partners: Partners) -> None:
    page = partners.window()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.route("https://www.google.**", lambda route: route.fulfill(status=200, body="parti"))
    page.goto(EDIT)
    page.get_by_label(NAME).press_sequentially(" vite")
    page.get_by_role("link", name="Quitter vite").click()
    expect(page.locator("body")).to_have_text("parti")
    page.goto(SHEET)

    assert asked == []
    page.evaluate(UNTIL_NOTHING_IS_KEPT)


def test_what_was_kept_is_erased_after_a_day(partners: Partners) -> None:
    page = partners.window()
    page.goto(EDIT)
    typed(page, "Hier")
    page.evaluate(
        """() => {
          const [name] = Object.keys(localStorage);
          const kept = JSON.parse(localStorage.getItem(name));
          kept.le -= 25 * 60 * 60 * 1000;
          localStorage.setItem(name, JSON.stringify(kept));
        }"""
    )
    page = closed_and_opened(page)

    expect(page.locator("[data-reprise]")).to_be_hidden()
    page.evaluate(UNTIL_NOTHING_IS_KEPT)


def test_only_unsaved_words_are_worth_a_warning(partners: Partners) -> None:
    page = partners.window()
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.goto(EDIT)
    page.goto(SHEET)
    assert asked == []
    page.goto(EDIT)
    page.get_by_label(NAME).press_sequentially(" non enregistré")
    page.goto(SHEET)
    assert asked == ["beforeunload"]
    page.goto(EDIT)
    page.get_by_label(NAME).press_sequentially(" enregistré")
    page.locator(KEEP).click()
    expect(page.locator("[data-etat]")).to_contain_text("Brouillon enregistré")
    page.goto(SHEET)
    assert asked == ["beforeunload"]


def test_a_draft_saves_itself_after_a_silence(partners: Partners) -> None:
    page = partners.window()
    page.clock.install()
    page.goto(EDIT)
    expect(page.locator("#apercu")).to_be_visible()
    page.get_by_label(NAME).fill("Écrit puis laissé")
    page.clock.run_for(21_000)

    expect(page.locator("[data-etat]")).to_contain_text("Brouillon enregistré à")
    page.goto(SHEET)
    expect(page.get_by_role("heading", name="Écrit puis laissé")).to_be_visible()


def test_two_presses_send_once(partners: Partners) -> None:
    page = partners.window()
    page.goto(EDIT)
    expect(page.locator("#apercu")).to_be_visible()
    page.get_by_label(NAME).fill("Une seule fois")
    sent: list[str] = []
    page.on(
        "request",
        lambda r: sent.append(r.url) if "faire=enregistrer" in (r.post_data or "") else None,
    )
    page.locator(PUBLISH).dblclick()

    expect(page.locator(".notice", has_text="Une seule fois")).to_be_visible()
    assert len(sent) == 1

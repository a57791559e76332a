"""axe-core on every page and state, light and dark, narrow and wide: no fault is accepted."""

import re

import pytest
from flask import Flask

from app.web.current import EXTENSION
from tests.e2e.axe import WIDTHS, faults_as_it_stands, overflow_px, unfold, violations
from tests.e2e.conftest import HEIGHT, OpenPage
from tests.e2e.pages import FULL, PAGES
from tests.web.public.outage import without_engine

TEXT_SPACING = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important }
* { word-spacing: 0.16em !important }
p { margin-bottom: 2em !important }
"""
TARGETS = (
    ".button, .brand, .quit, .chip-link, .chip-tag, .chip-clear, .pages a, .urgent a, .foot a, "
    ".themes a, .box, summary, select, input:not([type=checkbox]):not([type=hidden])"
)


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(open_page: OpenPage, name: str) -> None:
    page = open_page(PAGES[name], width=min(WIDTHS))
    assert faults_as_it_stands(page) == []

    unfold(page)  # what is folded on a narrow screen is checked once too
    assert violations(page) == []


@pytest.mark.parametrize(
    ("style", "fault"),
    [
        ("h1 { color: #ddd !important }", r"color-contrast: <h1"),
        (
            "@media (prefers-color-scheme: dark) { h1 { color: #333 !important } }",
            r"in the dark: color-contrast: <h1",
        ),
        ("@media (max-width: 400px) { h1 { width: 500px } }", r"\d+ px too wide"),
        ("@media (min-width: 400px) { h1 { width: 5000px } }", r"\d+ px too wide"),
    ],
)
def test_faults_of_one_theme_or_width_are_found(
    open_page: OpenPage, style: str, fault: str
) -> None:
    page = open_page("/accessibilite", bypass_csp=True)
    assert faults_as_it_stands(page) == []
    page.add_style_tag(content=style)

    assert any(re.match(fault, found) for found in faults_as_it_stands(page))
    assert page.viewport_size == {"width": 1280, "height": HEIGHT}


def test_axe_finds_nothing_when_the_search_is_down(
    open_page: OpenPage, catalogue_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(catalogue_app.extensions, EXTENSION, without_engine(catalogue_app))

    for address in ("/", FULL, PAGES["widget"]):
        page = open_page(address, width=320)
        assert "momentanément indisponible" in page.inner_text("main")
        assert violations(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_overflows_a_narrow_screen_even_with_wide_text(
    open_page: OpenPage, name: str
) -> None:
    page = open_page(PAGES[name], width=320, bypass_csp=True)
    unfold(page)
    assert overflow_px(page) <= 0

    page.add_style_tag(content=TEXT_SPACING)
    assert overflow_px(page) <= 0


@pytest.mark.parametrize("name", PAGES)
def test_nothing_overflows_at_twice_the_size(open_page: OpenPage, name: str) -> None:
    page = open_page(PAGES[name], width=640, bypass_csp=True)
    assert overflow_px(page) <= 0

    page.add_style_tag(content="html { font-size: 200% }")  # larger text, as browsers let one set
    assert overflow_px(page) <= 0


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_targets_are_large_enough_for_a_thumb(open_page: OpenPage, name: str, width: int) -> None:
    page = open_page(PAGES[name], width=width)
    unfold(page)

    small = page.locator(TARGETS).evaluate_all(
        """elements => elements
             .filter(e => e.getClientRects().length)
             .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect().height])
             .filter(([, height]) => height < 43.5)"""
    )

    assert small == []


def test_focus_is_always_seen_and_never_under_the_header(open_page: OpenPage) -> None:
    page = open_page(FULL)
    hidden = []
    page.keyboard.press("Shift+Tab")  # from the end of the page, upwards
    for _ in range(150):
        seen = page.evaluate(
            """() => {
              const e = document.activeElement, r = e.getBoundingClientRect()
              const header = document.querySelector('.top').getBoundingClientRect()
              const inside = e.closest('.top, .skip') !== null
              return {
                html: e.outerHTML.slice(0, 90),
                first: e.closest('.skip') !== null,
                outline: getComputedStyle(e).outlineStyle,
                covered: !inside && r.bottom <= header.bottom,
                away: r.bottom < 0 || r.top > innerHeight,
              }
            }"""
        )
        if seen["first"]:
            break
        if seen["outline"] == "none" or seen["covered"] or seen["away"]:
            hidden.append(seen)
        page.keyboard.press("Shift+Tab")

    assert seen["first"]
    assert hidden == []


def test_a_page_is_few_and_light_requests(open_page: OpenPage) -> None:
    page = open_page("/attributions")
    sizes: dict[str, int] = {}
    page.on("response", lambda r: sizes.update({r.url: len(r.body())}))

    page.goto(FULL, wait_until="networkidle")

    assert len(sizes) <= 15
    assert sum(sizes.values()) <= 100_000, sizes


def test_on_paper_only_the_content_is_left(open_page: OpenPage) -> None:
    page = open_page(PAGES["offre"])
    page.emulate_media(media="print")

    assert page.get_by_role("heading", level=1).is_visible()
    assert page.locator(".urgent").is_visible()
    for away in (".search-band", ".quit", ".foot nav", ".skip", ".report"):
        assert page.locator(away).is_hidden()

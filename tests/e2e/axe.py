"""What is wrong with a page as it stands: what axe-core finds, and what a screen cannot hold."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.conftest import HEIGHT

TAGS = ["RGAAv4", "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# All that a theme can change: everything else is the same in the dark.
COLOURS = ["color-contrast", "link-in-text-block"]
WIDTHS = [320, 1280]


def faults(page: Page, *, without: str | None = None, is_flat: bool = False) -> list[str]:
    """Returns what is wrong at each width and in each theme, with what is folded unfolded.

    `without` is a selector of what is left out. `is_flat` lets bars scroll with the page.
    """
    page.wait_for_load_state("load")  # a page without its styles has no contrast to speak of
    unfold(page)
    if is_flat:
        lay_flat(page)
    return at_each_width(page, without=without)


def at_each_width(page: Page, *, without: str | None = None) -> list[str]:
    """Returns what is wrong at each width and in each theme, as it is folded."""
    own = page.viewport_size
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        found += [f"{width} px: {fault}" for fault in violations(page, without=without)]
        if (over := overflow_px(page)) > 0:
            found.append(f"{width} px: {over} px too wide")
    if own is not None:
        page.set_viewport_size(own)
    return found


def violations(page: Page, *, without: str | None = None) -> list[str]:
    """Returns what axe-core finds, and what it finds of the colours of the other theme."""
    kept = {"type": "tag", "values": TAGS}
    found = _found(page, without, kept)
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    own, other = ("dark", "light") if is_dark else ("light", "dark")
    page.emulate_media(color_scheme=other)
    found += [
        f"in the {other}: {fault}"
        for fault in _found(page, without, {"type": "rule", "values": COLOURS})
    ]
    page.emulate_media(color_scheme=own)
    return found


def _found(page: Page, without: str | None, rules: dict[str, object]) -> list[str]:
    context = {"exclude": [without]} if without else None
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    response = Axe().run(page, context=context, options=options).response["violations"]
    return [f"{v['id']}: {node['html']}" for v in response for node in v["nodes"]]


def overflow_px(page: Page) -> int:
    """Returns by how much the content is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def lay_flat(page: Page) -> None:
    """Lets what stays in sight scroll with the page: half under it, a link counts as a small one.

    That nothing hides what has the focus is tested where such bars are.
    """
    page.evaluate(
        """() => {
            for (const element of document.querySelectorAll("body *")) {
                if (getComputedStyle(element).position === "sticky") {
                    element.style.position = "static";
                    element.style.maxHeight = "none";
                    element.style.overflow = "visible";
                }
            }
            scrollTo(0, 0);
        }"""
    )


def unfold(page: Page) -> None:
    """Opens all that is folded."""
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")

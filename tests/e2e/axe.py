"""What is wrong with a page as it stands: what axe-core finds, and what a screen cannot hold."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.conftest import HEIGHT

TAGS = ["RGAAv4", "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# All that a theme can change: everything else is the same in the dark.
COLOURS = ["color-contrast", "link-in-text-block"]
NO_COLOURS = {name: {"enabled": False} for name in COLOURS}
BY_TAG: dict[str, object] = {"runOnly": {"type": "tag", "values": TAGS}}
WIDTHS = [320, 1280]
_RUN = """([context, options]) =>
  axe.run(context ?? document, options).then((found) => found.violations)"""


def faults(page: Page, *, is_flat: bool = False) -> list[str]:
    """Returns what is wrong with a page, with what is folded unfolded.

    `is_flat` lets bars scroll with the page.
    """
    page.wait_for_load_state("load")  # a page without its styles has no contrast to speak of
    unfold(page)
    if is_flat:
        lay_flat(page)
    return faults_as_it_stands(page)


def faults_as_it_stands(page: Page) -> list[str]:
    """Returns what is wrong with a page at each width and in each theme.

    Colours are read in the light where it is narrow, in the dark where it is wide: they take most
    of the time, and come from the same few variables at both widths.
    """
    (narrow, wide), own = WIDTHS, page.viewport_size
    _resize(page, narrow)
    found = [*_found(page, BY_TAG), *_too_wide(page)]
    _resize(page, wide)
    found += [*_found(page, {**BY_TAG, "rules": NO_COLOURS}), *_too_wide(page)]
    found += _in_the_dark(page)
    if own is not None:
        page.set_viewport_size(own)
    return found


def violations(page: Page, *, without: str | None = None) -> list[str]:
    """Returns what axe-core finds, and what it finds of the colours in the dark.

    `without` is a selector of what is left out.
    """
    return [*_found(page, BY_TAG, without), *_in_the_dark(page, without)]


def _in_the_dark(page: Page, without: str | None = None) -> list[str]:
    page.emulate_media(color_scheme="dark")
    found = _found(page, {"runOnly": {"type": "rule", "values": COLOURS}}, without)
    page.emulate_media(color_scheme="light")
    return [f"in the dark: {fault}" for fault in found]


def _found(page: Page, options: dict[str, object], without: str | None = None) -> list[str]:
    context = {"exclude": [without]} if without else None
    options = {"resultTypes": ["violations"], **options}
    # Read once by each page, and heard of its violations alone.
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate(_RUN, [context, options])
    return [f"{v['id']}: {node['html']}" for v in found for node in v["nodes"]]


def _too_wide(page: Page) -> list[str]:
    over = overflow_px(page)
    return [f"{over} px too wide"] if over > 0 else []


def _resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})


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

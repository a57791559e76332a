"""Links to the other pages of a list of results."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.domain.demande import Demande
from app.domain.search import WINDOW
from app.web.public.links import search_url


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """One page; `url` is None for the current one, `number` is None for a gap."""

    number: int | None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pagination:
    """Where the reader is, and where to go."""

    page: int
    pages: int
    links: Sequence[PageLink]
    previous: str | None
    next: str | None


def pagination_of(demande: Demande, total: int) -> Pagination:
    """Returns the pages of a search; deeper than the window, there are none."""
    pages = max(1, -(-min(total, WINDOW) // demande.par_page))
    page = demande.page

    def url(number: int) -> str:
        return search_url(demande, page=number)

    return Pagination(
        page=page,
        pages=pages,
        links=[
            _link(number, page, url) if number else PageLink(number=None)
            for number in _numbers(page, pages)
        ],
        previous=url(min(page - 1, pages)) if page > 1 else None,
        next=url(page + 1) if page < pages else None,
    )


def _link(number: int, page: int, url: Callable[[int], str]) -> PageLink:
    return PageLink(number=number, url=None if number == page else url(number))


def _numbers(page: int, pages: int) -> list[int]:
    """Returns the first, the last and those around the current page; 0 marks a gap."""
    shown = sorted({1, pages, *range(max(1, page - 1), min(pages, page + 1) + 1)})
    numbers: list[int] = []
    for number in shown:
        if numbers and number - numbers[-1] == 2:
            numbers.append(number - 1)
        elif numbers and number - numbers[-1] > 2:
            numbers.append(0)
        numbers.append(number)
    return numbers

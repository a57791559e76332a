"""A visitor without JavaScript: fills the one form of a page and presses its buttons."""

from dataclasses import dataclass, field

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.public.markup import Attributes, Markup, read

Pairs = list[tuple[str, str]]


@dataclass
class Browser:
    """The page seen, and what is typed in its form."""

    client: FlaskClient
    response: TestResponse
    page: Markup
    asked: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, client: FlaskClient, address: str) -> "Browser":
        """Opens an address."""
        response = client.get(address)
        return cls(client, response, read(response.text, response.status_code), [address])

    def carried(self) -> Pairs:
        """Returns what the form would send, but for its buttons."""
        pairs: Pairs = []
        select = ""
        for tag, found in self.page.elements:
            if tag == "input" and _is_sent(found):
                pairs.append((found["name"] or "", found.get("value") or ""))
            select = (found.get("name") or "") if tag == "select" else select
            if tag == "option" and "selected" in found and select:
                pairs.append((select, found.get("value") or ""))
        return pairs

    def hidden(self) -> dict[str, str]:
        """Returns the fields carried unseen."""
        return {
            a["name"] or "": a.get("value") or "" for a in self.page.all("input", type="hidden")
        }

    def press(self, name: str = "", value: str = "", step: str = "", **typed: str) -> "Browser":
        """Sends the form with a button; `typed` replaces fields (`__` stands for a dot)."""
        answers = {key.replace("__", "."): text for key, text in typed.items()}
        return self.send(answers, name, value, step)

    def send(
        self, answers: dict[str, str], name: str = "", value: str = "", step: str = ""
    ) -> "Browser":
        """Sends the form with some fields answered otherwise."""
        pairs = [(n, v) for n, v in self.carried() if n not in answers]
        pairs += answers.items()
        action = self.page.all("form", id="reponses")[0]["action"] or ""
        button: Attributes = {}
        if name:
            button = self.page.all("button", name=name, value=value)[0]
            pairs.append((name, value))
        address = step or button.get("formaction") or action
        data: dict[str, list[str]] = {}
        for key, text in pairs:
            data.setdefault(key, []).append(text)
        self.response = self.client.post(address, data=data)
        self.page = read(self.response.text, self.response.status_code)
        self.asked.append(address)
        return self


def _is_sent(found: Attributes) -> bool:
    if not found.get("name"):
        return False
    return found.get("type") not in ("radio", "checkbox") or "checked" in found

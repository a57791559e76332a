"""Links and e-mail addresses: nothing that could run a script or hide a destination passes."""

from collections.abc import Callable

import pytest
from marshmallow import fields

from schemas.links import Courriel, Url

Load = Callable[[fields.Field, object], object]
Refusals = Callable[[fields.Field, object], list[str]]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        pytest.param(" https://exemple.fr ", "https://exemple.fr", id="stripped"),
        pytest.param("HTTP://Exemple.fr:8080/a?b=c#d", "HTTP://Exemple.fr:8080/a?b=c#d", id="full"),
        pytest.param("https://exemple.fr/un livret.pdf", "https://exemple.fr/un%20livret.pdf",
                     id="space in the path"),
        pytest.param("http://élan.fr", "http://élan.fr", id="accent in the host"),
        pytest.param("http://192.0.2.1/", "http://192.0.2.1/", id="IPv4"),
        pytest.param("http://[2001:db8::1]/", "http://[2001:db8::1]/", id="IPv6"),
        pytest.param("http://exemple.fr.", "http://exemple.fr.", id="final dot"),
        pytest.param("https://exemple.fr?a=http://b.fr", "https://exemple.fr?a=http://b.fr",
                     id="link inside"),
        pytest.param("", None, id="blank"),
    ],
)  # fmt: skip
def test_link_reads(load: Load, value: str, read: str | None) -> None:
    assert load(Url(), value) == read


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)", " JavaScript:alert(1)", "java\nscript:alert(1)",
        "javascript://exemple.fr/%0aalert(1)", "data:text/html,<script>", "vbscript:x",
        "file:///etc/passwd", "ftp://exemple.fr", "mailto:a@exemple.fr", "//exemple.fr",
        "www.exemple.fr", "exemple.fr", "http:exemple.fr", "http://", "https:///a", "http://..",
        "http://user:secret@exemple.fr", "http://exemple.fr@autre.fr", "http://a b.fr",
        "http://exemple.fr:99999", "http://exemple.fr:abc", "http://exemple.fr\\@autre.fr",
        "http://256.1.1.1", "http://[::zz]/", "http://exemple.fr\n/a", "http://ex\tmple.fr",
        "http://<b>.fr", "https://a..b", "http://" + "a" * 64 + ".fr", "http://a'b.fr",
    ],
)  # fmt: skip
def test_link_refuses(refusals_of: Refusals, value: str) -> None:
    (refusal,) = refusals_of(Url(), value)

    assert refusal.endswith("n’est pas un lien : il commence par https:// ou http://.")


def test_a_link_too_long_is_refused(refusals_of: Refusals) -> None:
    assert refusals_of(Url(), "https://exemple.fr/" + "a" * 2083) == [
        "Ce lien est trop long : 2083 caractères au plus."
    ]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        pytest.param(" Contact@Exemple.fr ", "Contact@Exemple.fr", id="stripped"),
        pytest.param("Accueil <accueil@exemple.fr>", "accueil@exemple.fr", id="with a name"),
        pytest.param("l'accueil+a/b@a.exemple.fr", "l'accueil+a/b@a.exemple.fr", id="signs"),
        pytest.param("hélène@élan.fr", "hélène@élan.fr", id="accents"),
        pytest.param("a@xn--lan-9la.fr", "a@xn--lan-9la.fr", id="encoded domain"),
    ],
)
def test_address_reads(load: Load, value: str, read: str) -> None:
    assert load(Courriel(), value) == read


@pytest.mark.parametrize(
    "value",
    [
        "accueil", "@exemple.fr", "a@", "a@exemple", "a b@exemple.fr", "a@exem ple.fr",
        "a@@exemple.fr", ".a@exemple.fr", "a..b@exemple.fr", "a.@exemple.fr", "a@-exemple.fr",
        "a@exemple-.fr", "a@exemple..fr", "a@exemple.fr.", "a@exemple_b.fr", "a@1.2.3.4",
        "a@[1.2.3.4]", "a@poste.local", "a@exemple.test", "a@exemple.fr, b@exemple.fr",
        "a@exemple.fr\nBcc: b@exemple.fr", "mailto:a@exemple.fr", '"a b"@exemple.fr',
        "a" * 65 + "@exemple.fr", "a@" + ".".join(["a" * 60] * 5) + ".fr", "a@ab--c.fr",
    ],
)  # fmt: skip
def test_address_refuses(refusals_of: Refusals, value: str) -> None:
    (refusal,) = refusals_of(Courriel(), value)

    assert refusal.endswith("n’est pas un courriel : écrivez-le comme contact@exemple.fr.")

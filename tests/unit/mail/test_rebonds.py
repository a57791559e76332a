"""Reports of delivery tell who was not reached; nothing that arrives can break their reading."""

import base64
from email.message import EmailMessage, Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mail.adresses import AdresseInvalide, JetonInvalide
from app.mail.rebonds import (
    MAX_BYTES,
    MAX_DESTINATAIRES,
    Rebond,
    is_lasting,
    read_rebonds,
    retour_address,
    token_of,
)
from tests.strategies import PROPERTY
from tests.unit.mail.reports import POSTFIX, recipient, report

TOKENS = st.text("abcXYZ019-_", min_size=1, max_size=56)


def read_one(content: bytes) -> Rebond:
    rebonds = read_rebonds(content)
    assert rebonds is not None
    (rebond,) = rebonds
    return rebond


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=ascii)
def test_a_report_of_postfix_is_read(line_end: str) -> None:
    content = POSTFIX.replace("\n", line_end).encode("ascii")

    assert read_rebonds(content) == (
        Rebond(
            destinataire="camille@asso.example",
            definitif=True,
            code="5.1.1",
            retour="jeton_A-1",
        ),
    )


def test_several_recipients_are_told_apart() -> None:
    content = report(
        recipient("a@un.example", "failed", Status="5.2.1 (mailbox disabled)"),
        recipient("b@deux.example", "delayed", Status="4.4.1"),
        recipient("c@trois.example", "delivered", Status="2.0.0"),
        recipient("d@quatre.example", "Failed", Status="4.4.7"),
    )

    assert read_rebonds(content) == (
        Rebond(destinataire="a@un.example", definitif=True, code="5.2.1", retour="jeton2"),
        Rebond(destinataire="b@deux.example", definitif=False, code="4.4.1", retour="jeton2"),
        Rebond(destinataire="d@quatre.example", definitif=False, code="4.4.7", retour="jeton2"),
    )


@pytest.mark.parametrize(
    ("fields", "code", "definitif"),
    [
        pytest.param({"Diagnostic_Code": "smtp; 550 5.1.10 null MX"}, "5.1.10", True, id="detail"),
        pytest.param({"Status": "unknown"}, "5.0.0", True, id="unreadable"),
        pytest.param({}, "5.0.0", True, id="absent"),
        pytest.param({"Status": "2.0.0"}, "5.0.0", True, id="contradiction"),
    ],
)
def test_a_missing_code_is_looked_for(fields: dict[str, str], code: str, definitif: bool) -> None:
    rebond = read_one(report(recipient("a@un.example", "failed", **fields)))

    assert (rebond.code, rebond.definitif) == (code, definitif)


@pytest.mark.parametrize(
    ("code", "lasting"),
    [
        ("5.1.1", True), ("5.2.1", True), ("5.2.20", True), ("5.2.2", False),
        ("5.7.1", False), ("5.7.26", False), ("5.4.4", True), ("550", True),
    ],
)  # fmt: skip
def test_a_full_mailbox_and_a_policy_say_nothing_against_an_address(
    code: str, lasting: bool
) -> None:
    assert is_lasting(code) is lasting
    if "." in code:
        rebond = read_one(report(recipient("a@un.example", "failed", Status=code)))
        assert (rebond.code, rebond.definitif) == (code, lasting)


def test_a_delay_without_a_code_is_passing() -> None:
    rebond = read_one(report(recipient("a@un.example", "delayed")))

    assert (rebond.code, rebond.definitif) == ("4.0.0", False)


def test_a_delay_is_never_final() -> None:
    rebond = read_one(report(recipient("a@un.example", "delayed", Status="5.1.1")))

    assert not rebond.definitif


def test_a_report_that_a_message_arrived_holds_no_failure() -> None:
    assert read_rebonds(report(recipient("a@un.example", "delivered", Status="2.0.0"))) == ()


def test_a_report_in_one_block_is_read() -> None:
    content = report(recipient("a@un.example", "failed")).replace(
        b"mx.example\n\n", b"mx.example\n"
    )

    assert read_one(content).destinataire == "a@un.example"


def test_an_international_report_is_read() -> None:
    lines = recipient("", "failed", Status="5.1.1").replace(
        "rfc822; ", "utf-8; andré@forêt.example"
    )

    content = report(lines, kind="message/global-delivery-status")

    assert read_one(content).destinataire == "andré@forêt.example"


def test_an_encoded_report_is_read() -> None:
    plain = "Reporting-MTA: dns; mx\n\n" + recipient("a@un.example", "failed", Status="5.1.1")
    encoded = base64.encodebytes(plain.encode()).decode()
    head, _, _ = report().decode().partition("Reporting-MTA")
    head = head.removesuffix("\n") + "Content-Transfer-Encoding: base64\n\n"

    assert read_one(f"{head}{encoded}--b--\n".encode()).destinataire == "a@un.example"


@pytest.mark.parametrize("encoding", ["x-uuencode", "base64", "quoted-printable", "autre"])
def test_a_part_that_is_not_encoded_as_it_says_is_harmless(encoding: str) -> None:
    content = report(
        recipient("a@un.example", "failed"), more=f"Content-Transfer-Encoding: {encoding}\n"
    )

    assert read_rebonds(content) is not None


@pytest.mark.parametrize(
    "block",
    [
        pytest.param("Action: failed\nStatus: 5.1.1", id="nobody"),
        pytest.param(recipient("sans-arobase", "failed"), id="no-address"),
        pytest.param(recipient("a@b@c", "failed"), id="two-ats"),
        pytest.param(recipient("a@un.example", "autre"), id="unknown-action"),
        pytest.param("Final-Recipient: rfc822; a@un.example", id="no-action"),
    ],
)
def test_a_block_that_names_no_failure_of_anyone_is_left_out(block: str) -> None:
    kept = recipient("b@deux.example", "failed", Status="5.1.1")

    assert read_one(report(block, kept)).destinataire == "b@deux.example"


def test_the_message_sent_back_is_never_taken_for_the_report() -> None:
    rebonds = read_rebonds(POSTFIX.encode("ascii"))

    assert rebonds is not None
    assert [rebond.destinataire for rebond in rebonds] == ["camille@asso.example"]


def _answer() -> bytes:
    message = EmailMessage()
    message["To"] = "rebonds+a1@exemple.fr"
    message["Auto-Submitted"] = "auto-replied"
    message.set_content("Je suis absente.\n\nFinal-Recipient: rfc822; a@un.example\nAction: failed")
    return message.as_bytes()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(_answer(), id="answering-machine"),
        pytest.param(
            POSTFIX.replace("delivery-status;", "disposition-notification;").encode(), id="receipt"
        ),
        pytest.param(POSTFIX.replace("multipart/report", "multipart/mixed").encode(), id="mixed"),
        pytest.param(POSTFIX.partition("--A1B2C3")[0].encode(), id="cut-short"),
        pytest.param(POSTFIX.replace("boundary=", "autre=").encode(), id="no-boundary"),
        pytest.param(report(kind="text/plain"), id="no-report-inside"),
    ],
)
def test_what_is_not_a_report_is_told(content: bytes) -> None:
    assert read_rebonds(content) is None


def test_without_our_address_there_is_no_token() -> None:
    content = POSTFIX.replace("rebonds+jeton_A-1@exemple.fr", "contact@exemple.fr").encode()

    assert read_one(content).retour is None


@pytest.mark.parametrize("name", ["Delivered-To", "X-Original-To", "Envelope-To"])
def test_an_alias_leaves_the_token_readable(name: str) -> None:
    content = report(recipient("a@un.example", "failed")).replace(
        b'To: "Retour" <REBONDS+jeton2@exemple.fr>',
        f"To: courrier@exemple.fr\n{name}: rebonds+jeton3@exemple.fr".encode(),
    )

    assert read_one(content).retour == "jeton3"


@given(TOKENS)
@PROPERTY
def test_a_token_is_read_back_from_its_address(token: str) -> None:
    address = retour_address("contact@étoile.fr", token)

    assert address == f"rebonds+{token}@xn--toile-9ra.fr"
    assert token_of(address) == token_of(f"Retour <{address}>") == token


@pytest.mark.parametrize("token", ["", "a b", "a@b", "é", "a\n", "a+b", "a" * 57], ids=ascii)
def test_a_token_that_does_not_fit_is_refused(token: str) -> None:
    with pytest.raises(JetonInvalide):
        retour_address("contact@exemple.fr", token)


def test_a_return_address_needs_a_domain() -> None:
    with pytest.raises(AdresseInvalide):
        retour_address("contact", "a1")


@pytest.mark.parametrize(
    "address",
    ["contact@exemple.fr", "rebonds@exemple.fr", "rebonds+@exemple.fr", "mes-rebonds+a@exemple.fr"],
)
def test_another_address_holds_no_token(address: str) -> None:
    assert token_of(address) is None


@pytest.mark.parametrize("fault", [IndexError, TypeError, UnicodeDecodeError("a", b"", 0, 1, "b")])
def test_a_fault_of_the_library_makes_no_report(
    fault: type[Exception] | Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> None:
        raise fault

    monkeypatch.setattr(Message, "get_param", fail)

    assert read_rebonds(POSTFIX.encode("ascii")) is None


@PROPERTY
@given(st.binary(max_size=500))
def test_garbage_is_not_a_report(content: bytes) -> None:
    assert read_rebonds(content) is None


@PROPERTY
@given(st.data())
def test_a_damaged_report_never_raises(data: st.DataObject) -> None:
    content = bytearray(POSTFIX.encode("ascii"))
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 40))
        content[start : start + length] = data.draw(st.binary(max_size=40))

    rebonds = read_rebonds(bytes(content))

    assert rebonds is None or all(isinstance(rebond, Rebond) for rebond in rebonds)


HEADERS = st.sampled_from(
    [
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        b"Content-Type: multipart/report; report-type*0*=utf-8''delivery; report-type*1=-status",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary*=x'y'%62%ff",
        b"Content-Type: message/delivery-status; charset*=rot13''\xff",
        b"Content-Transfer-Encoding: base64",
        b"Content-Transfer-Encoding: x-uuencode",
        b"To: rebonds+a1@exemple.fr",
        b"Final-Recipient: rfc822; \xe9@un.example",
        b"Action: failed",
        b"Status: 5.1.1",
        b"--b",
        b"--b--",
        b"",
        b"\xff\x00=?utf-8?b?=",
    ]
)


@PROPERTY
@given(st.lists(HEADERS | st.binary(max_size=30), max_size=25))
def test_pieces_of_reports_in_any_order_never_raise(lines: list[bytes]) -> None:
    rebonds = read_rebonds(
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n"
        + b"\n".join(lines)
    )

    assert rebonds is None or isinstance(rebonds, tuple)


def test_nothing_is_read_beyond_one_megabyte() -> None:
    start, line, rest = POSTFIX.partition("--A1B2C3")

    read = read_rebonds((start + " " * (MAX_BYTES - 10_000) + "\n" + line + rest).encode())
    unread = read_rebonds((start + " " * MAX_BYTES + "\n" + line + rest).encode())

    assert read is not None
    assert unread is None


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"Content-Type: " + b";" * MAX_BYTES, id="parameters"),
        pytest.param(b'Content-Type: a/b; c="' + b";" * MAX_BYTES, id="quotes"),
        pytest.param(b"To: " + b"(" * MAX_BYTES, id="comments"),
        pytest.param(b"Content-Type: multipart/report;\n" + b" a=b;\n" * 150_000, id="folded"),
        pytest.param(
            b"".join(
                b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n)
                for n in range(20_000)
            ),
            id="nested",
        ),
    ],
)
def test_what_is_made_to_be_slow_is_not_a_report(content: bytes) -> None:
    assert read_rebonds(content) is None


def test_a_report_about_a_crowd_is_read_in_part() -> None:
    crowd = [recipient(f"a{n}@un.example", "failed") for n in range(MAX_DESTINATAIRES + 50)]

    rebonds = read_rebonds(report(*crowd))

    assert rebonds is not None
    assert len(rebonds) == MAX_DESTINATAIRES


def test_a_report_shown_in_a_log_names_nobody() -> None:
    shown = repr(read_one(POSTFIX.encode("ascii")))

    assert shown == "Rebond(definitif=True, code='5.1.1')"

"""Messages that the mail server of a test has received, as those they were sent to read them."""

import email
import email.policy
import re
from email.message import EmailMessage

from tests.integration.mail_server import Mailbox


def newest(mailbox: Mailbox) -> EmailMessage:
    """Returns the newest message."""
    content = mailbox.received[-1].content
    return email.message_from_bytes(content, policy=email.policy.default)


def link_in(message: EmailMessage, begins: str = "/lien/") -> str:
    """Returns the path of the first link of a message whose path begins so."""
    body = message.get_content()
    found = re.search(rf"https?://[^/\s]+({begins}\S+)", body)
    assert found, body
    return found[1]

"""Reports of delivery as servers write them, with other people's names taken out."""

POSTFIX = """\
Return-Path: <>
Delivered-To: rebonds+jeton_A-1@exemple.fr
Received: from mx.exemple.fr by mail.exemple.fr; Thu, 26 Nov 2026 08:30:02 +0000 (UTC)
From: MAILER-DAEMON@mx.exemple.fr (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: rebonds+jeton_A-1@exemple.fr
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="A1B2C3.1764145802/mx.exemple.fr"

This is a MIME-encapsulated message.

--A1B2C3.1764145802/mx.exemple.fr
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--A1B2C3.1764145802/mx.exemple.fr
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.exemple.fr
X-Postfix-Queue-ID: A1B2C3
Arrival-Date: Thu, 26 Nov 2026 08:30:00 +0000 (UTC)

Final-Recipient: rfc822; camille@ailleurs.example
Original-Recipient: rfc822;camille@asso.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.ailleurs.example
Diagnostic-Code: smtp; 550 5.1.1 <camille@ailleurs.example>: Recipient address
    rejected: User unknown in local recipient table

--A1B2C3.1764145802/mx.exemple.fr
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <rebonds+jeton_A-1@exemple.fr>
From: =?utf-8?b?w4l2ZW50YWls?= <contact@exemple.fr>
To: camille@asso.example
Subject: Votre lien
Action: failed
Final-Recipient: rfc822; leurre@asso.example

--A1B2C3.1764145802/mx.exemple.fr--
"""

_HEAD = """\
From: postmaster@mx.example
To: "Retour" <REBONDS+jeton2@exemple.fr>
MIME-Version: 1.0
Content-Type: Multipart/Report; boundary=b; report-type="Delivery-Status"

--b
Content-Type: text/plain

Bonjour,
--b
"""


def report(*recipients: str, kind: str = "message/delivery-status", more: str = "") -> bytes:
    """Builds a report about recipients; `more` are further headers of its part."""
    blocks = ["Reporting-MTA: dns; mx.example", *(block.strip() for block in recipients)]
    body = "\n\n".join(blocks)
    part = f"Content-Type: {kind}\n{more}\n{body}\n"
    return f"{_HEAD}{part}--b--\n".encode()


def recipient(address: str, action: str, **fields: str) -> str:
    """Builds the lines about one recipient."""
    lines = [f"Final-Recipient: rfc822; {address}", f"Action: {action}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\n".join(lines)

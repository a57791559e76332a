"""Certificates for a cluster on this machine, made by openssl and forgotten with it."""

import shutil
import subprocess
from pathlib import Path

from tests.elasticsearch_node.unavailable import NodeUnavailable

DAYS = "2"  # longer than any run of the suite
# The extensions are those that a strict client asks for (Python 3.13 does).
CONFIGURATION = """\
[req]
distinguished_name = name
prompt = no
[name]
CN = eventail-tests
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[node]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = IP:127.0.0.1, DNS:localhost
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""
AUTHORITY, NODE, NODE_KEY = "authority.pem", "node.pem", "node.key"


def make_certificates(folder: Path) -> None:
    """Writes an authority, and one certificate that it signs for all nodes, into a folder."""
    openssl = shutil.which("openssl")
    if openssl is None:
        raise NodeUnavailable("openssl manque. Sous Debian ou Ubuntu : apt-get install openssl")
    (folder / "openssl.cnf").write_text(CONFIGURATION, encoding="ascii")
    request = ["req", "-config", "openssl.cnf", "-nodes", "-newkey", "ec"]
    request += ["-pkeyopt", "ec_paramgen_curve:prime256v1"]
    itself = ["-x509", "-days", DAYS, "-extensions", "authority"]
    signed = ["x509", "-req", "-days", DAYS, "-extfile", "openssl.cnf", "-extensions", "node"]
    signed += ["-CA", AUTHORITY, "-CAkey", "authority.key", "-CAcreateserial"]
    for step in (
        [*request, *itself, "-keyout", "authority.key", "-out", AUTHORITY],
        [*request, "-new", "-subj", "/CN=127.0.0.1", "-keyout", NODE_KEY, "-out", "node.csr"],
        [*signed, "-in", "node.csr", "-out", NODE],
    ):
        subprocess.run([openssl, *step], cwd=folder, capture_output=True, check=True)

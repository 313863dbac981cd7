"""Make credentials for NATS. ``passwords`` prints a variable for each user; ``cluster FOLDER HOST...`` writes
a certificate authority, a certificate for these hosts, an nkey for each user.

Passwords begin with a letter and hold letters and digits alone: nats-server reads a variable's value as
configuration text, in which ``8e5`` is a number and ``-x`` a syntax error. Seeds go to the services, public
keys to the servers. Needs nkeys (a dependency of the services) and the openssl command.
"""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import nkeys

from seldenrijk.chassis.permissions import OPERATORS, password_variable
from seldenrijk.contracts.topology import SERVICES

DAYS = "825"


def passwords() -> dict[str, str]:
    """A password for each user."""
    return {password_variable(user): f"p{secrets.token_hex(20)}" for user in (*SERVICES, *OPERATORS)}


def key_pair() -> tuple[str, str]:
    """Seed and public key of a new nkey for a user."""
    seed = nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER)
    return seed.decode(), nkeys.from_seed(bytearray(seed)).public_key.decode()


def cluster(folder: Path, hosts: list[str]) -> None:
    """Write ca.pem, cert.pem, key.pem, servers.env and a .seed file for each user; for the owner's eyes."""
    os.umask(0o077)
    folder.mkdir(parents=True, exist_ok=True)
    _certificates(folder, hosts)
    lines = [f"NATS_ROUTE_PASSWORD=p{secrets.token_hex(20)}"]
    for user in (*SERVICES, "provision"):
        seed, public = key_pair()
        (folder / f"{user}.seed").write_text(seed + "\n")
        lines.append(f"{password_variable(user).replace('PASSWORD', 'NKEY', 1)}={public}")
    (folder / "servers.env").write_text("\n".join(lines) + "\n")


def _certificates(folder: Path, hosts: list[str]) -> None:
    names = ",".join(f"IP:{host}" if host.replace(".", "").isdigit() else f"DNS:{host}" for host in hosts)
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-days", DAYS]
    _openssl(
        "req", "-x509", *curve, "-keyout", f"{folder}/ca-key.pem", "-out", f"{folder}/ca.pem",
        "-subj", "/CN=Seldenrijk NATS", "-addext", "basicConstraints=critical,CA:TRUE",
    )  # fmt: skip
    _openssl(
        "req", "-x509", *curve, "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem",
        "-CA", f"{folder}/ca.pem", "-CAkey", f"{folder}/ca-key.pem", "-subj", f"/CN={hosts[0]}",
        "-addext", f"subjectAltName={names}", "-addext", "basicConstraints=critical,CA:FALSE",
        "-addext", "extendedKeyUsage=serverAuth,clientAuth",
    )  # fmt: skip


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, stderr=subprocess.DEVNULL)  # noqa: S603, S607  # nosec


def main() -> None:
    """``passwords`` or ``cluster FOLDER HOST...``."""
    match sys.argv[1:]:
        case ["passwords"]:
            sys.stdout.writelines(f"{name}={value}\n" for name, value in passwords().items())
        case ["cluster", folder, *hosts] if hosts:
            cluster(Path(folder), hosts)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()

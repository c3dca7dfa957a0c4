"""vault encrypt, decrypt, rekey: files that hold people, encrypted on disk."""

from __future__ import annotations

import click

from pipelines.cli.shared import home, tell
from pipelines.vault import decrypt, encrypt, rekey


@click.group()
def vault() -> None:
    """Encrypt the files that hold people, or make them plain again."""


@vault.command("encrypt")
def encrypt_vault() -> int:
    """Encrypt what is stored of people under the key satu.yaml names (`encryption: {key: env:NAME}`)."""
    count = encrypt(home())
    print(f"the vault is encrypted: {count:,} files")
    tell("Keep the key elsewhere too: without it nobody reads these files again, nor their backups.")
    tell("Left as it was: landing/, decisions/, models/, exports/, access/, and backups made before.")
    return 0


@vault.command("decrypt")
def decrypt_vault() -> int:
    """Make the files plain again; then take `encryption` out of satu.yaml."""
    count = decrypt(home())
    print(f"the vault is plain: {count:,} files")
    tell("Now take `encryption` out of satu.yaml.")
    return 0


@vault.command("rekey")
@click.option("--to", "source", required=True, metavar="SOURCE", help="env:NAME or file:PATH of the new key.")
def rekey_vault(source: str) -> int:
    """Let another key open the vault, and the former no longer; no file is written anew."""
    rekey(home(), source)
    print(f"the key in {source} opens the vault from now on")
    tell(f"Now write `encryption: {{key: {source}}}` into satu.yaml, or set the variable it names anew.")
    return 0


COMMANDS: tuple[click.Command, ...] = (vault,)

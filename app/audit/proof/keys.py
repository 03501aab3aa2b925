"""The key that signs the heads: an Ed25519 key in a file outside the database, and the public keys to check with."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.audit.proof.head_text import Head

KEY_FILE = "audit_key"
PUBLIC_FOLDER = "audit-public-keys"


class BadKeyError(Exception):
    """A key file is unreadable; the message names it."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private key of an installation."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> Ed25519PublicKey:
        """Its public half."""
        return self.private.public_key()

    @property
    def key_id(self) -> str:
        """The name of the key in heads."""
        return id_of(self.public)

    def sign(self, statement: bytes) -> bytes:
        """The signature of a statement."""
        return self.private.sign(statement)


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The public keys that are believed."""

    by_id: Mapping[str, Ed25519PublicKey]

    def has_signed(self, head: Head) -> bool:
        """Whether one of the keys signed the head; False too for a key that is not among them."""
        return self.have_signed(head.key_id, head.signature, head.statement())

    def have_signed(self, key_id: str, signature: bytes, statement: bytes) -> bool:
        """Whether the key of that name is among them and signed the statement."""
        key = self.by_id.get(key_id)
        if key is None:
            return False
        try:
            key.verify(signature, statement)
        except InvalidSignature:
            return False
        return True


def load_or_make(
    folder: Path, *, key_file: str = KEY_FILE, public_folder: str = PUBLIC_FOLDER
) -> tuple[SigningKey, bool]:
    """The signing key of the data folder, and whether it was made just now. Each use has a key file of its own."""
    path = folder / key_file
    made = not path.exists() and _make(path)
    key = SigningKey(_private(path))
    _publish(folder / public_folder, key.public)
    return key, made


def public_keys(folder: Path, *, public_folder: str = PUBLIC_FOLDER) -> PublicKeys:
    """Every public key that this installation has had."""
    return read_public_keys(sorted((folder / public_folder).glob("*.pem")))


def read_public_keys(paths: Iterable[Path]) -> PublicKeys:
    """The public keys in some PEM files.

    Raises
    ------
    BadKeyError
        For a file that holds none.
    """
    try:
        return parse_public_keys((path, path.read_bytes()) for path in paths)
    except OSError as error:
        raise BadKeyError(f"{error.filename} holds no public key.") from error


def parse_public_keys(contents: Iterable[tuple[Path, bytes]]) -> PublicKeys:
    """The public keys in what was read from some PEM files, one key each.

    Raises
    ------
    BadKeyError
        For content that is none.
    """
    found: dict[str, Ed25519PublicKey] = {}
    for path, content in contents:
        try:
            key = serialization.load_pem_public_key(content)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise BadKeyError(f"{path} holds no public key.") from error
        if not isinstance(key, Ed25519PublicKey):
            raise BadKeyError(f"{path} holds no Ed25519 key.")
        found[id_of(key)] = key
    return PublicKeys(found)


def id_of(key: Ed25519PublicKey) -> str:
    """The first 16 signs of the SHA-256 of the raw public key."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]


def pem(key: Ed25519PublicKey) -> bytes:
    """A public key as a file, for auditors to keep elsewhere."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _private(path: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadKeyError(f"{path} holds no private key.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKeyError(f"{path} holds no Ed25519 key.")
    return key


def _make(path: Path) -> bool:
    """Write a new key beside its place and link it there: of two processes the first wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    data = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def _publish(folder: Path, key: Ed25519PublicKey) -> None:
    path = folder / f"{id_of(key)}.pem"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(pem(key))

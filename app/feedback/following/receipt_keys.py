"""The key that signs receipts: a file of its own beside that of the record, in the folder of the process that signs."""

from collections.abc import Iterable
from pathlib import Path

from app.audit.proof import keys
from app.audit.proof.keys import PublicKeys, SigningKey

KEY_FILE = "receipt_key"
PUBLIC_FOLDER = "receipt-public-keys"
_END = "-----END PUBLIC KEY-----"


def open_key(folder: Path) -> tuple[SigningKey, bool]:
    """The signing key of the data folder, and whether it was made just now."""
    return keys.load_or_make(folder, key_file=KEY_FILE, public_folder=PUBLIC_FOLDER)


def public_keys(folder: Path) -> PublicKeys:
    """Every public key that has ever signed receipts here."""
    return keys.public_keys(folder, public_folder=PUBLIC_FOLDER)


def read_public_keys(paths: Iterable[Path]) -> PublicKeys:
    """The public keys in some files as ``pem_of_all`` writes them: several in one file are all read."""
    pieces = [(path, piece) for path in paths for piece in _pieces(path)]
    return keys.parse_public_keys(pieces)


def _pieces(path: Path) -> list[bytes]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise keys.BadKeyError(f"{path} cannot be read.") from error
    return [f"{piece}{_END}".encode() for piece in content.decode("ascii", "replace").split(_END)[:-1]] or [content]


def pem_of_all(known: PublicKeys) -> bytes:
    """The public keys one after the other, as a file to publish; a reader of PEM files takes them apart again."""
    return b"".join(keys.pem(known.by_id[key_id]) for key_id in sorted(known.by_id))

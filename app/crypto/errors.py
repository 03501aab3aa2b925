"""What can go wrong with encrypted data. No message holds a key, a text or a stored value."""


class EncryptionError(Exception):
    """Parent of everything that can go wrong here."""


class KeysMissingError(EncryptionError):
    """There are no keys where the settings say they are."""


class KeysUnreadableError(EncryptionError):
    """What lies where the keys should be is no key, is open to others, or was not unwrapped by the command."""


class UnknownKeyError(EncryptionError):
    """A value was encrypted with a key that is not in the ring."""

    def __init__(self, key_id: int) -> None:
        super().__init__(f"The data were encrypted with key {key_id}, which is not in the key ring.")
        self.key_id = key_id


class WrongKeyError(EncryptionError):
    """A key bears the number of another one."""


class TamperedError(EncryptionError):
    """A value was changed, moved to another place, cut short, or its key is not the one that encrypted it."""


class NotEncryptedError(EncryptionError):
    """A stored value does not have the form of an encrypted one."""


class NotBoundError(EncryptionError):
    """A value for a column bound to its row was given without its row; ``in_row`` binds it."""

"""Stored files follow the transaction that names them.

A file store knows no transactions. So what a transaction stored goes again when it is rolled back, and what it
discarded goes only when it has committed. A process that dies in between leaves files nobody names, for the sweep.
"""

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.files.store import FileStore


def erase_if_undone(session: Session, store: FileStore, name: str) -> None:
    """Erase a file when this transaction is rolled back."""
    _erase_after(session, store, name, "after_rollback", "after_commit")


def erase_when_done(session: Session, store: FileStore, name: str) -> None:
    """Erase a file when this transaction has been committed."""
    _erase_after(session, store, name, "after_commit", "after_rollback")


def _erase_after(session: Session, store: FileStore, name: str, on: str, instead: str) -> None:
    is_open = True  # a session may go on to another transaction, which is not meant

    def act(_session: Session) -> None:
        nonlocal is_open
        if is_open:
            is_open = False
            store.erase(name)

    def leave(_session: Session) -> None:
        nonlocal is_open
        is_open = False

    event.listen(session, on, act)
    event.listen(session, instead, leave)

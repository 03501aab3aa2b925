"""Fingerprints of what was received: made once, never changed, so that a text edited behind our back shows.

The salt keeps anybody from trying likely texts against the fingerprint on somebody's receipt.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.proof.findings import Finding, case_changed
from app.crypto.errors import EncryptionError
from app.feedback.cases.models import Case, CaseErasure, CaseFingerprint, Erased
from app.rules.kinds import Kind

SALT_BYTES = 16
FORMAT = 1
AT_ONCE = 500


def new_salt() -> bytes:
    """A fresh salt."""
    return secrets.token_bytes(SALT_BYTES)


def digest(salt: bytes, public_number: str, received_on: date, kind: Kind, text: str) -> bytes:
    """The fingerprint: SHA-256 of the salt and of number, day, kind as asked for, and text as one JSON list."""
    said = json.dumps(
        [FORMAT, public_number, received_on.isoformat(), kind.value, text], ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(salt + said.encode()).digest()


def store(session: Session, case: Case) -> CaseFingerprint:
    """Make and keep the fingerprint of a case that was just received."""
    salt = new_salt()
    made = CaseFingerprint(case_id=case.id, salt=salt, digest=digest(salt, *_parts(case), case.text))
    session.add(made)
    return made


def check(session: Session) -> list[Finding]:
    """Every case whose text, number, day or kind asked for is not what was received.

    A case with a code but without a fingerprint counts as changed, and so does a text that no key opens. Cases that
    came over from the first intake have no code and no fingerprint; of texts that the rule had erased tombstones tell.
    """
    found: list[Finding] = []
    erased = set(session.scalars(select(CaseErasure.case_id).where(CaseErasure.what == Erased.WORDS)))
    last = ""
    while rows := session.execute(
        select(Case.id, Case.public_number).where(Case.id > last).order_by(Case.id).limit(AT_ONCE)
    ).all():
        marks = {
            row.case_id: row
            for row in session.scalars(
                select(CaseFingerprint).where(CaseFingerprint.case_id.in_([key for key, _ in rows]))
            )
        }
        cases = _readable(session, [key for key, _ in rows])
        found += [
            case_changed(number)
            for key, number in rows
            if key not in erased and not _is_as_received(cases.get(key), marks.get(key))
        ]
        last = rows[-1].id
        session.expunge_all()  # nothing of the texts is kept
    return found


def _readable(session: Session, ids: Sequence[str]) -> dict[str, Case]:
    """The cases whose texts open; one that does not must not hide the others."""
    try:
        return {case.id: case for case in session.scalars(select(Case).where(Case.id.in_(ids)))}
    except EncryptionError:
        if len(ids) == 1:
            return {}
    return {key: case for one in ids for key, case in _readable(session, [one]).items()}


def _is_as_received(case: Case | None, mark: CaseFingerprint | None) -> bool:
    if case is None:
        return False
    if mark is None:
        return case.code_index is None
    return mark.digest == digest(mark.salt, *_parts(case), case.text)


def _parts(case: Case) -> tuple[str, date, Kind]:
    return case.public_number, case.received_on, case.kind_asked

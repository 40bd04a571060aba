"""Opening a case with its code. Known, wrong and unknown codes cost one derivation each and are answered alike."""

from __future__ import annotations

from dataclasses import dataclass

from cases import access_code, code_keys, limits
from cases.code_keys import Root
from cases.errors import CodeMistyped, NoSuchCase, ProofNeeded
from cases.models import Case
from cases.services import secrets
from cases.services.case_keys import case_key_for_reporter

# What an unknown selector is derived with; it opens nothing.
_NO_SALT = bytes(code_keys.SALT_LENGTH)


@dataclass(frozen=True, repr=False)
class OpenedCase:
    """A case with the root that opened it: it lives as long as the request, and saves a second derivation."""

    case: Case
    root: Root

    @property
    def case_key(self) -> bytes:
        return case_key_for_reporter(self.case, self.root)


def open_case(*, code: str, client: str, has_proof: bool) -> OpenedCase:
    """The case that this code opens.

    Raises NoSuchCase, ProofNeeded after too many wrong codes, LineTooLong.
    """
    try:
        symbols = access_code.normalise(code)
    except CodeMistyped:
        # It can't be anybody's, so there is nothing to hide behind a derivation.
        raise NoSuchCase from None
    selector = access_code.selector(symbols)
    if not has_proof and limits.code_needs_proof(selector=selector, client=client):
        raise ProofNeeded
    limits.note_code(client=client)
    case = Case.objects.filter(selector=selector).first()
    root = secrets.derive_root(code=symbols, salt=bytes(case.salt) if case else _NO_SALT, client=client)
    stored = bytes(case.verifier) if case else bytes(32)
    if not code_keys.is_proven(root=root, pepper=secrets.pepper(), stored=stored) or case is None:
        limits.note_wrong_code(selector=selector, client=client)
        raise NoSuchCase
    return OpenedCase(case=case, root=root)

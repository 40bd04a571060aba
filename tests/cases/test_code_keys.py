from __future__ import annotations

import pytest
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from cases import code_keys

pytestmark = pytest.mark.real_derivation

PEPPER = bytes(range(32))
CODE = "W0BWCWQ37S5CB2TVAJWH"


def test_a_code_proves_itself_only_with_its_salt_and_the_pepper() -> None:
    salt = code_keys.new_salt()
    root = code_keys.derive_root(code=CODE, salt=salt)
    stored = code_keys.verifier(root=root, pepper=PEPPER)

    assert code_keys.is_proven(root=code_keys.derive_root(code=CODE, salt=salt), pepper=PEPPER, stored=stored)
    assert not code_keys.is_proven(root=root, pepper=bytes(32), stored=stored)
    elsewhere = code_keys.derive_root(code=CODE, salt=code_keys.new_salt())
    assert not code_keys.is_proven(root=elsewhere, pepper=PEPPER, stored=stored)


def test_the_case_key_opens_for_her_and_for_the_team() -> None:
    team = PrivateKey.generate()
    case_key = code_keys.new_case_key()
    root = code_keys.derive_root(code=CODE, salt=code_keys.new_salt())

    hers = code_keys.wrap_for_reporter(case_key=case_key, root=root)
    theirs = code_keys.wrap_for_team(case_key=case_key, team_public_key=bytes(team.public_key))

    assert code_keys.unwrap_for_reporter(wrapped=hers, root=root) == case_key
    assert SealedBox(team).decrypt(theirs) == case_key


def test_another_code_does_not_open_the_case_key() -> None:
    salt = code_keys.new_salt()
    wrapped = code_keys.wrap_for_reporter(
        case_key=code_keys.new_case_key(), root=code_keys.derive_root(code=CODE, salt=salt)
    )

    with pytest.raises(CryptoError):
        code_keys.unwrap_for_reporter(wrapped=wrapped, root=code_keys.derive_root(code=CODE[::-1], salt=salt))


def test_what_is_stored_does_not_open_what_is_wrapped() -> None:
    """The verifier and the wrapping key come from the same root, but one says nothing about the other."""
    root = code_keys.derive_root(code=CODE, salt=code_keys.new_salt())

    assert root.derive("verify") != root.derive("wrap")
    assert code_keys.verifier(root=root, pepper=PEPPER) not in {root.derive("verify"), root.derive("wrap")}


def test_a_root_does_not_show_itself() -> None:
    root = code_keys.derive_root(code=CODE, salt=code_keys.new_salt())

    assert root.key.hex() not in repr(root)
    assert str(root.key) not in repr(root)


def test_a_derivation_costs_what_it_must() -> None:
    assert (code_keys.MEMORY, code_keys.PASSES, code_keys.LANES) == (64 * 1_024, 3, 1)

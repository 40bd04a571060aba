from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from cases import access_code, code_keys
from cases.models import Case
from tests.cases.reporter import Reporter, new_key, told

pytestmark = [pytest.mark.django_db, pytest.mark.real_derivation]


def _dump() -> list[Any]:
    """Every value of every row of every table."""
    return [
        value
        for model in apps.get_models(include_auto_created=True)
        for row in model._default_manager.values_list()
        for value in row
    ]


def _as_text(value: Any) -> str:
    return value.hex() if isinstance(value, bytes | memoryview) else str(value)


def test_neither_the_code_nor_what_it_was_made_from_is_stored(reporter: Reporter) -> None:
    key = new_key()
    code = told(reporter.report(key=key))["access_code"]
    secret = code.replace("-", "")[5:]

    everything = "\n".join(_as_text(value) for value in _dump())

    assert code[:5] in everything
    for part in (code, secret, code[6:], key, secret.encode().hex(), key.encode().hex()):
        assert part not in everything


def test_without_the_pepper_the_right_code_can_not_be_told_from_a_wrong_one(reporter: Reporter) -> None:
    """Whoever has only the dump can derive from any guess, but has nothing to hold it against."""
    code = access_code.normalise(reporter.code())
    case = Case.objects.get()
    root = code_keys.derive_root(code=code, salt=bytes(case.salt))

    proofs = {
        root.key,
        root.derive("verify"),
        code_keys.verifier(root=root, pepper=b""),
        code_keys.verifier(root=root, pepper=bytes(32)),
    }

    assert bytes(case.verifier) not in proofs


def test_without_the_code_or_the_teams_key_the_case_key_stays_shut(
    reporter: Reporter, team_key: PrivateKey
) -> None:
    reporter.code()
    case = Case.objects.get()

    with pytest.raises(CryptoError):
        SealedBox(PrivateKey.generate()).decrypt(bytes(case.key_for_team))
    guess = code_keys.derive_root(code="0" * 20, salt=bytes(case.salt))
    with pytest.raises(CryptoError):
        code_keys.unwrap_for_reporter(wrapped=bytes(case.key_for_reporter), root=guess)
    assert len(SealedBox(team_key).decrypt(bytes(case.key_for_team))) == 32


def test_what_she_and_the_team_open_is_the_same_key(reporter: Reporter, team_key: PrivateKey) -> None:
    code = access_code.normalise(reporter.code())
    case = Case.objects.get()
    root = code_keys.derive_root(code=code, salt=bytes(case.salt))

    hers = code_keys.unwrap_for_reporter(wrapped=bytes(case.key_for_reporter), root=root)

    assert hers == SealedBox(team_key).decrypt(bytes(case.key_for_team))

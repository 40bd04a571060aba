"""In which order rows are locked: a case before whatever belongs to it, and the end of the audit chain after all others.

Whoever changes more than one row of a case locks the case first. So two who are at work on the same case wait for each
other one after the other and never in a circle, which PostgreSQL would break by failing one of them.
"""

from __future__ import annotations

from uuid import UUID

from cases.models import Case


def lock_case(case_id: UUID) -> Case:
    """The case as it is now, and nobody else's until this transaction ends."""
    # No key: as an update locks it. A stronger lock would wait for whoever only adds a row that points to the case.
    return Case.objects.select_for_update(no_key=True).get(pk=case_id)

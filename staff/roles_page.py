"""The matrix as the documentation shows it."""

from __future__ import annotations

from staff.policy import ACTIONS, ROLES, may

_BEFORE = """\
# Who may do what

Made from `staff/policy.py` by `manage.py roles > docs/roles.md`; a test compares them, and another tries every page of the desk in every role.

Whoever works here has one role, given by the administrator in *People* (`/staff/people/`; for the first one, `manage.py staff_add`), and a second factor: an app's code or a passkey. Without one the desk
leads to setting it up and opens nothing else. Somebody without a role can sign in and sees nothing. Being a superuser of the machine is no role:
it opens `/admin/` and no page of the desk.

"""
_AFTER = """
## What takes two people

Lines that say so wait in *Waiting for a second person* (`/triage/held/`). The first person must be allowed the action itself; the second one too,
and must be allowed to be a second person. Nobody lets go or refuses what they asked for themselves: the page, the service and a constraint of the
database say so. Asking, letting go, refusing and taking back are rows of the audit chain.

The administrator says who works here and can't read what a reporter wrote, nor see a case. The auditor sees all that was done and can do none of it.
"""
_SHORT = {"platform_manager": "platform manager", "safety_reviewer": "safety reviewer"}


def page() -> str:
    head = ["action", "what it is", *(_SHORT.get(role, role) for role in ROLES)]
    lines = [_line(head), _line(["---", "---", *([":-:"] * len(ROLES))])]
    for action, what in ACTIONS.items():
        marks = ["●" if may(role, action) else "" for role in ROLES]
        lines.append(_line([f"`{action}`", what, *marks]))
    return _BEFORE + "\n".join(lines) + "\n" + _AFTER


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"

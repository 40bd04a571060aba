"""Members of platforms, as their platforms describe them: bands and opaque ids, no names, no birth dates."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AgeBand(models.TextChoices):
    UNDER_13 = "under_13", _("Under 13")
    FROM_13_TO_15 = "13_15", _("13 to 15")
    FROM_16_TO_17 = "16_17", _("16 to 17")
    FROM_18_TO_20 = "18_20", _("18 to 20")
    FROM_21 = "21_plus", _("21 or older")


class Abilities(models.Model):
    """Which settings a platform has. A setting that it doesn't have is never shown and never nudged."""

    platform = models.OneToOneField(
        "platforms.Platform", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    settings = models.JSONField(default=list)
    # False while the platform has not said: then these are the settings that it ever sent.
    is_told = models.BooleanField(default=False)
    said_at = models.DateTimeField()


class Account(models.Model):
    """One account of one platform. The same person elsewhere is another account, and nothing links the two."""

    platform = models.ForeignKey("platforms.Platform", on_delete=models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=128)
    age_band = models.CharField(max_length=8, choices=AgeBand.choices)
    # When the platform last said the band: an old one asks for a refresh.
    band_said_on = models.DateField()
    joined_on = models.DateField(null=True)
    region = models.CharField(max_length=32, blank=True, default="")
    # Whatever the platform knows a group by: a school, a server, a league.
    community = models.CharField(max_length=128, blank=True, default="")
    # Accounts of one device share it.
    device_cluster = models.CharField(max_length=128, blank=True, default="")
    role = models.CharField(max_length=32, blank=True, default="")
    locale = models.CharField(max_length=16, blank=True, default="")
    time_zone = models.CharField(max_length=64, blank=True, default="")
    # {"message": "everyone", "private": true, ...}; only settings that the platform told or a member chose.
    settings = models.JSONField(default=dict)
    # Rises with each change of the settings, so that two changes at once can't both win.
    settings_version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "external_id"], name="account_once_a_platform"),
        ]
        indexes = [
            models.Index(
                fields=["platform", "device_cluster"],
                condition=~Q(device_cluster=""),
                name="accounts_of_a_device",
            ),
        ]


class Pair(models.Model):
    """An adult whom the platform verified as belonging to this teen's life: the pair is exempt, nobody else."""

    class Kind(models.TextChoices):
        PARENT = "parent"
        TEACHER = "teacher"
        CLUB = "club"

    teen = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    adult = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    verified_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["teen", "adult"], name="one_pair_of_two")]


class SettingChange(models.Model):
    """What a setting was, what it became, who changed it and when. Undo is one more row."""

    class By(models.TextChoices):
        PLATFORM = "platform"
        TEEN = "teen"
        GUARDIAN = "guardian"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="changes")
    setting = models.CharField(max_length=16)
    # None where the platform had not told.
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    by = models.CharField(max_length=8, choices=By.choices)
    at = models.DateTimeField()
    # All that one tap changed, so that one Undo takes it back.
    together = models.UUIDField()
    undoes = models.OneToOneField("self", null=True, on_delete=models.CASCADE, related_name="undone_by")

    class Meta:
        indexes = [models.Index(fields=["account", "-at"], name="changes_newest_first")]


class SignInLink(models.Model):
    """A one-time link that a platform asked for. Only the hash of its secret is stored, and the row goes with its use."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    # Indexed for the worker that drops what is over; sessions too.
    expires_at = models.DateTimeField(db_index=True)


class MemberSession(models.Model):
    """A member's browser. Teens' and guardians' cookies are bound to their own pages."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    # Of the link that began it: its second tap leads in, and any other browser's doesn't.
    link_digest = models.CharField(max_length=64, default="")
    expires_at = models.DateTimeField(db_index=True)


class Supervision(models.Model):
    """A guardian and a teen who both agreed. Either invites; only the teen's yes begins it."""

    class State(models.TextChoices):
        INVITED = "invited"
        ACTIVE = "active"
        DECLINED = "declined"
        ENDED = "ended"

    class Side(models.TextChoices):
        TEEN = "teen"
        GUARDIAN = "guardian"

    class Ending(models.TextChoices):
        BY_TEEN = "by_teen"
        BY_GUARDIAN = "by_guardian"
        BY_STAFF = "by_staff"
        GROWN_UP = "grown_up"

    platform = models.ForeignKey("platforms.Platform", on_delete=models.CASCADE, related_name="+")
    # The side that has not answered yet is empty.
    teen = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+")
    guardian = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.INVITED)
    invited_by = models.CharField(max_length=8, choices=Side.choices)
    # Of the code that one side hands to the other; gone when it was used.
    code_digest = models.CharField(max_length=64, blank=True, default="")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=11, choices=Ending.choices, blank=True, default="")
    # Unseen by the guardian: the page then looks as if nothing new had happened.
    paused_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["teen", "guardian"], condition=Q(state="active"), name="one_supervision_of_two"
            ),
            models.UniqueConstraint(
                fields=["code_digest"], condition=~Q(code_digest=""), name="invitation_code_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(teen__isnull=False, guardian__isnull=False),
                name="supervision_has_two_sides",
            ),
        ]


class Seen(models.Model):
    """One thing that a guardian was shown, and when: the teen reads the same list."""

    supervision = models.ForeignKey(Supervision, on_delete=models.CASCADE, related_name="seen")
    change = models.ForeignKey(SettingChange, null=True, on_delete=models.CASCADE, related_name="+")
    wish = models.ForeignKey("Wish", null=True, on_delete=models.CASCADE, related_name="+")
    # Names the thing: "settings", "change 7", "wish 7", "answer 7".
    what = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["supervision", "what"], name="seen_once")]


class Wish(models.Model):
    """A teen under 16 who is supervised wants to loosen a setting; a guardian says yes or no."""

    class State(models.TextChoices):
        WAITING = "waiting"
        APPROVED = "approved"
        REFUSED = "refused"
        TAKEN_BACK = "taken_back"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    setting = models.CharField(max_length=16)
    wanted = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "setting"], condition=Q(state="waiting"), name="one_waiting_wish_a_setting"
            ),
        ]


class CallForHelp(models.Model):
    """A teen asks staff for help with a guardian. Nothing of it is ever shown to the guardian."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    # Which guardian it is about, where she said so.
    supervision = models.ForeignKey(Supervision, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(blank=True, default="")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("staff.User", null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True, default="")

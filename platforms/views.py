"""For whoever looks after platforms: what they are told, and mending it. Each change its own address and verb."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from platforms import services
from platforms.forms import LogFilter, Since
from platforms.models import WebhookDelivery, WebhookEndpoint
from platforms.services import delivery_log
from staff.access import actor, requires

MAY = "platform.webhooks"


@require_GET
@requires(MAY)
def webhooks(request: HttpRequest) -> HttpResponseBase:
    context = {
        "endpoints": delivery_log.endpoints(),
        "is_stuck": delivery_log.is_stuck(now=timezone.now()),
    }
    return render(request, "platforms/webhooks.html", context)


@require_GET
@requires(MAY)
def webhook(request: HttpRequest, pk: int) -> HttpResponseBase:
    endpoint = get_object_or_404(WebhookEndpoint.objects.select_related("platform"), pk=pk)
    return _page(request, endpoint, Since(initial={"since": _suggested(endpoint, timezone.now())}))


@require_POST
@requires(MAY)
def switch_on(request: HttpRequest, pk: int) -> HttpResponseBase:
    get_object_or_404(WebhookEndpoint, pk=pk)
    if services.switch_on(endpoint_id=pk, by=actor(request), now=timezone.now()):
        messages.success(request, _("On again. What it missed is not sent by itself: send it again below."))
    else:
        messages.info(request, _("It was on already. Nothing was changed."))
    return redirect("platforms:webhook", pk)


@require_POST
@requires(MAY)
def switch_off(request: HttpRequest, pk: int) -> HttpResponseBase:
    get_object_or_404(WebhookEndpoint, pk=pk)
    services.switch_off(endpoint_id=pk, by=actor(request), now=timezone.now())
    messages.success(request, _("Off. Nothing is kept for it until it is on again."))
    return redirect("platforms:webhook", pk)


@require_POST
@requires(MAY)
def replay_since(request: HttpRequest, pk: int) -> HttpResponseBase:
    endpoint = get_object_or_404(WebhookEndpoint.objects.select_related("platform"), pk=pk)
    form = Since(request.POST)
    if not form.is_valid():
        return _page(request, endpoint, form, status=400)
    if endpoint.off:
        messages.warning(request, _("It is off, so nothing can be sent. Switch it on first."))
        return redirect("platforms:webhook", pk)
    since = form.cleaned_data["since"]
    count = services.replay_since(endpoint_id=pk, since=since, by=actor(request), now=timezone.now())
    told = ngettext("%(count)s message is sent again.", "%(count)s messages are sent again.", count)
    messages.success(request, told % {"count": count})
    return redirect("platforms:webhook", pk)


@require_POST
@requires(MAY)
def replay(request: HttpRequest, pk: int) -> HttpResponseBase:
    delivery = get_object_or_404(WebhookDelivery.objects.select_related("endpoint"), pk=pk)
    if services.replay(delivery=delivery, by=actor(request), now=timezone.now()):
        messages.success(request, _("It is sent again, under the same id."))
    elif delivery.endpoint.off:
        messages.warning(request, _("It is off, so nothing can be sent. Switch it on first."))
    else:
        messages.info(request, _("It waits to be sent already."))
    return redirect("platforms:webhook", delivery.endpoint_id)


def _page(
    request: HttpRequest, endpoint: WebhookEndpoint, since: Since, *, status: int = 200
) -> HttpResponseBase:
    form = LogFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    page = delivery_log.log_page(endpoint_id=endpoint.pk, **chosen)
    context = {"endpoint": endpoint, "form": form, "page": page, "since": since}
    if page.older_than is not None:
        context["older"] = urlencode({**form.kept(), "before": page.older_than})
    return render(request, "platforms/webhook.html", context, status=status)


def _suggested(endpoint: WebhookEndpoint, now: datetime) -> str:
    """A day before it was switched off: by then it had begun to fail."""
    return ((endpoint.off_at or now) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")

"""What the page and the worker that touch pixels may do: nothing but run our own scripts and look at a blob."""

from __future__ import annotations

# A worker obeys the policy of its own response, not its page's, so the scripts are answered with it too.
PIXEL_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src blob:; worker-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)

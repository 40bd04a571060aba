"""What is answered in every format when the list can't be read as of a time yet."""

from __future__ import annotations

from http import HTTPStatus

from django.utils.translation import gettext_lazy
from rest_framework.exceptions import APIException


class AskAgain(APIException):
    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_detail = gettext_lazy("The list is being written to. Ask for the same again.")
    default_code = "ask_again"

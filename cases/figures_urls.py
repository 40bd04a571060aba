"""How it goes: for the lead of the desk, and for everybody."""

from __future__ import annotations

from django.urls import URLPattern, path

from cases import figures_views as views

app_name = "figures"

urlpatterns: list[URLPattern] = [
    path("triage/dashboard/", views.dashboard, name="dashboard"),
    path("transparency/", views.transparency, name="transparency"),
    path("transparency/figures.csv", views.transparency_csv, name="transparency_csv"),
]

from __future__ import annotations

from django.urls import path

from staff import audit_views, held_views, people_views, views

app_name = "staff"
urlpatterns = [
    path("staff/", views.home, name="home"),
    path("staff/people/", people_views.everybody, name="people"),
    path("staff/people/add/", people_views.add, name="person_add"),
    path("staff/people/<int:pk>/role/", people_views.give_role, name="person_role"),
    path("staff/people/<int:pk>/close/", people_views.close, name="person_close"),
    path("staff/people/<int:pk>/open/", people_views.reopen, name="person_open"),
    path("staff/people/<int:pk>/reset/", people_views.reset, name="person_reset"),
    path("triage/held/", held_views.queue, name="held"),
    path("triage/held/<int:pk>/release/", held_views.release, name="held_release"),
    path("triage/held/<int:pk>/refuse/", held_views.refuse, name="held_refuse"),
    path("triage/held/<int:pk>/take-back/", held_views.take_back, name="held_take_back"),
    path("triage/audit/", audit_views.search, name="audit"),
    path("triage/audit/export/", audit_views.export, name="audit_export"),
]

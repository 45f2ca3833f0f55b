"""Runs in django-helpdesk's environment: makes a database and a queue, then times `process_email` on a directory.

As favourable to it as may be: no templates, so that it renders no answers; no mail is sent; its log is quiet; the
mails are files already. Django's own defaults otherwise (SQLite, one transaction per statement).
"""

import json
import sys
import time
import types
from importlib import import_module
from pathlib import Path


def main(place: Path) -> None:
    """Prints {"seconds", "cpu", "stored"}."""
    import_module("django.conf").settings.configure(
        SECRET_KEY="bench",
        USE_TZ=True,
        SITE_ID=1,
        HELPDESK_TEAMS_MODE_ENABLED=False,
        ROOT_URLCONF="urls",
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        MEDIA_ROOT=str(place / "media"),
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        LOGGING_CONFIG=None,
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.sites",
            "django.contrib.messages",
            "django.contrib.humanize",
            "django.contrib.admin",
            "rest_framework",
            "helpdesk",
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(place / "db.sqlite3")}},
    )
    import_module("django").setup()
    urls = import_module("django.urls")
    sys.modules["urls"] = site = types.ModuleType("urls")
    site.__dict__["urlpatterns"] = [urls.path("", urls.include("helpdesk.urls", namespace="helpdesk"))]
    import_module("django.core.management").call_command("migrate", verbosity=0, interactive=False)
    models, email = import_module("helpdesk.models"), import_module("helpdesk.email")
    models.EmailTemplate.objects.all().delete()
    models.Queue.objects.create(
        title="Leads",
        slug="leads",
        email_address="leads@acme.test",
        allow_email_submission=True,
        email_box_type="local",
        email_box_local_dir=str(place / "mail"),
        logging_type="none",
    )
    begun, cpu_before = time.perf_counter(), time.process_time()
    email.process_email(quiet=True)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu_before
    print(json.dumps({"seconds": seconds, "cpu": cpu, "stored": models.Ticket.objects.count()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

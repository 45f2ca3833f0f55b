"""Which certificate STARTTLS uses: the one of the settings, or our own in the data directory.

`files` names them and makes nothing; the listener does (`ingest.listening.certificate`).
"""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from config.patient import Patient, Wrong
from config.settings import Settings

if TYPE_CHECKING:
    from ingest.listening.certificate import Certificate, Files

FOLDER = "tls"
"""In the data directory."""
EXPIRES_SOON = timedelta(days=21)
"""A certificate that renews itself does so earlier."""


def is_given(settings: Settings) -> bool:
    """Whether the operator gave one."""
    return settings.tls_cert is not None


def files(settings: Settings) -> "Files":
    """Where certificate and key lie, or will lie."""
    from ingest.listening.certificate import CERTIFICATE_FILE, KEY_FILE, Files

    if settings.tls_cert is not None and settings.tls_key is not None:
        return Files(settings.tls_cert, settings.tls_key)
    folder = settings.data_dir / FOLDER
    return Files(folder / CERTIFICATE_FILE, folder / KEY_FILE)


def opened(settings: Settings) -> "Certificate":
    """The certificate, made if it is to be our own and there is none. CannotListen if it cannot be used."""
    from ingest.listening.certificate import Certificate, NoCertificate, own
    from ingest.listening.listener import CannotListen

    try:
        if not is_given(settings):
            own(settings.data_dir / FOLDER, settings.hostname)
        return Certificate(files(settings))
    except (NoCertificate, OSError) as fault:
        raise CannotListen(str(fault)) from fault


def examine(patient: Patient) -> str:
    """The doctor's stage: which one is used and how long it is good. Wrong if that is not long."""
    settings = patient.settings
    if settings.smtp is None and settings.lmtp is None:
        return "not needed: SMTP and LMTP are off"
    from ingest.listening.certificate import NoCertificate, ends_at

    found, given = files(settings), is_given(settings)
    if not given and not found.certificate.exists():
        return "our own, made when mail is first listened for"
    fix = (
        "certbot renew   # or put a new one there; it is read without a restart"
        if given
        else f"rm {found.certificate}   # and restart: leadgate makes another"
    )
    try:
        ends = ends_at(found)
    except NoCertificate as fault:
        raise Wrong(str(fault), fix) from fault
    if ends - datetime.now(UTC) < EXPIRES_SOON:
        raise Wrong(f"the certificate in {found.certificate} ends at {ends:%Y-%m-%d %H:%M} UTC", fix)
    return f"{'given' if given else 'our own'}, until {ends:%Y-%m-%d}"

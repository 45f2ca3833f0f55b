"""Normal forms of e-mail addresses, secrets in our own addresses, computed lead addresses.

Two addresses are the same person's when their normal forms are equal: case-folded, the domain in
IDNA's ASCII form (RFC 5891), no sub-address removed. Secrets in our own local parts are 80 random bits
in lower-case base32; a lead's address carries a MAC instead, so that it needs no row.
"""

import base64
import hmac
import re
import secrets

import idna

from store.types import storable

SECRET = 16
"""Characters of a secret."""
_RANDOM_PART = rf"[a-z2-7]{{{SECRET}}}"
_SECRET = re.compile(rf"[.-]({_RANDOM_PART})\Z")
_LEAD = re.compile(rf"lead-([1-9][0-9]{{0,8}})-(?:({_RANDOM_PART})-)?({_RANDOM_PART})\Z")
_PLAIN = re.compile(r"[^\x00-\x20\x7f()<>\[\]:;@\\,\"]+")
_BOUNCE = re.compile(rf"bounce-([0-9a-z]{{26}})-({_RANDOM_PART})\Z")
FREE_MAIL_DOMAINS = frozenset(
    """gmail.com googlemail.com outlook.com outlook.de outlook.fr hotmail.com hotmail.de hotmail.fr hotmail.co.uk
    hotmail.it hotmail.es live.com live.de live.fr live.nl msn.com yahoo.com yahoo.de yahoo.fr yahoo.it yahoo.es
    yahoo.co.uk yahoo.co.in yahoo.com.br ymail.com rocketmail.com aol.com aol.de icloud.com me.com mac.com gmx.de
    gmx.net gmx.at gmx.ch gmx.com gmx.fr web.de t-online.de freenet.de arcor.de mail.de posteo.de posteo.net
    mailbox.org proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tuta.io fastmail.com
    fastmail.fm hey.com zoho.com mail.com email.com orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr
    libero.it virgilio.it tiscali.it alice.it tin.it hotmail.com.br uol.com.br bol.com.br terra.com.br terra.es
    telefonica.net ziggo.nl kpnmail.nl planet.nl hetnet.nl xs4all.nl home.nl skynet.be telenet.be proximus.be
    bluewin.ch hispeed.ch sunrise.ch chello.at aon.at wp.pl o2.pl onet.pl interia.pl op.pl gazeta.pl seznam.cz
    centrum.cz email.cz post.cz azet.sk zoznam.sk freemail.hu citromail.hu abv.bg mail.bg mail.ru bk.ru inbox.ru
    list.ru yandex.ru yandex.com rambler.ru ukr.net i.ua btinternet.com sky.com talktalk.net virginmedia.com
    ntlworld.com comcast.net verizon.net att.net sbcglobal.net cox.net charter.net bellsouth.net rogers.com
    shaw.ca sympatico.ca bigpond.com optusnet.com.au qq.com 163.com 126.com sina.com naver.com daum.net hanmail.net
    rediffmail.com online.no telia.com spray.se bredband.net tele2.se jubii.dk mail.dk kolumbus.fi luukku.com
    sapo.pt mail.pt iol.pt otenet.gr walla.co.il""".split()
)


def normal(address: str) -> str:
    """The normal form of `address`; unchanged but for case where it is no address at all."""
    address = storable(address.strip())  # as the database will have it, so that it is found again
    local, at, domain = address.rpartition("@")
    if not at:
        return address.casefold()
    return f"{unquoted(local).casefold()}@{normal_domain(domain)}"


def unquoted(local_part: str) -> str:
    """`local_part` without quotes that it does not need (RFC 5321 §4.1.2: "leads" and leads are the same)."""
    if not local_part.startswith('"'):
        return local_part
    inner = re.sub(r"\\(.)", r"\1", local_part[1:-1])
    return inner if local_part.endswith('"') and _PLAIN.fullmatch(inner) else local_part


def normal_domain(domain: str) -> str:
    """`domain` lower-cased and in IDNA's ASCII form; as it is, lower-cased, where that does not exist."""
    domain = domain.strip().rstrip(".").lower()
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return domain


def domain_of(address: str) -> str:
    """The domain of `address` in normal form, "" without one."""
    return normal_domain(address.rpartition("@")[2]) if "@" in address else ""


def is_free_mail(domain: str) -> bool:
    """True for a provider of mailboxes to anybody: sharing it says nothing about two people."""
    return domain in FREE_MAIL_DOMAINS


def split_tag(local_part: str) -> tuple[str, str | None]:
    """("leads", "fair2026") for "leads+Fair2026": the local part and its case-folded sub-address tag."""
    base, plus, tag = unquoted(local_part).partition("+")
    return base.lower(), (tag.casefold() or None) if plus else None


def new_secret() -> str:
    """80 random bits as 16 characters of lower-case base32."""
    return base64.b32encode(secrets.token_bytes(10)).decode("ascii").lower()


def secret_of(local_part: str) -> str | None:
    """The secret that a local part of ours ends with, None where it has none."""
    found = _SECRET.search(local_part)
    return found[1] if found else None


def lead_local_part(key: bytes, account_id: str, number: int) -> str:
    """The local part of lead `number`'s own address; `key` is the deployment's MAC key for addresses."""
    return f"lead-{number}-{_mac(key, account_id, number)}"


def reply_local_part(key: bytes, account_id: str, number: int, recipient: str) -> str:
    """The local part that one recipient of a mail about lead `number` answers to (product §8): lead-12-<who>-<mac>.

    `who` is a keyed digest of the recipient's normal form, so that the address says by itself whose it is, and the MAC
    is bound to account, lead and recipient: `replied_by`. `recipient`: in normal form.
    """
    who = _who(key, account_id, recipient)
    return f"lead-{number}-{who}-{_reply_mac(key, account_id, number, who)}"


def lead_number(key: bytes, account_id: str, local_part: str) -> int | None:
    """The lead whose address this is, None for anything else; its answer address counts as well."""
    found = _LEAD.match(local_part.lower())
    if found is None:
        return None
    number, who, mac = int(found[1]), found[2], found[3]
    right = _mac(key, account_id, number) if who is None else _reply_mac(key, account_id, number, who)
    return number if hmac.compare_digest(mac, right) else None


def replied_by(key: bytes, account_id: str, local_part: str, address: str) -> bool:
    """Whether this is an answer address that was made for `address` (normal form)."""
    found = _LEAD.match(local_part.lower())
    return (
        found is not None
        and found[2] is not None
        and lead_number(key, account_id, local_part) is not None
        and hmac.compare_digest(found[2], _who(key, account_id, address))
    )


def bounce_local_part(key: bytes, account_id: str, mail_id: str) -> str:
    """The local part that bounces of one mail of ours go to: bounce-<mail>-<mac>."""
    return f"bounce-{mail_id}-{_bounce_mac(key, account_id, mail_id)}"


def bounced_mail(key: bytes, account_id: str, local_part: str) -> str | None:
    """The id of the mail whose bounces go to this local part, None for anything else."""
    found = _BOUNCE.match(local_part.lower())
    if found is None or not hmac.compare_digest(found[2], _bounce_mac(key, account_id, found[1])):
        return None
    return found[1]


def mask(text: str, domain: str) -> str:
    """`text` with the secret of every address at our `domain` replaced by "…"."""
    if domain.lower() not in text.lower():
        return text
    pattern = rf"([.-]){_RANDOM_PART}((?:\+[\w.-]{{0,64}})?\"?@{re.escape(domain)})"
    return re.sub(pattern, r"\1…\2", text, flags=re.IGNORECASE)


def _mac(key: bytes, account_id: str, number: int) -> str:
    return _base32(key, f"{account_id}:lead:{number}")


def _reply_mac(key: bytes, account_id: str, number: int, who: str) -> str:
    return _base32(key, f"{account_id}:reply:{number}:{who}")


def _bounce_mac(key: bytes, account_id: str, mail_id: str) -> str:
    return _base32(key, f"{account_id}:bounce:{mail_id}")


def _who(key: bytes, account_id: str, recipient: str) -> str:
    return _base32(key, f"{account_id}:recipient:{recipient}")


def _base32(key: bytes, said: str) -> str:
    digest = hmac.digest(key, said.encode("utf-8", "surrogatepass"), "sha256")
    return base64.b32encode(digest[:10]).decode("ascii").lower()

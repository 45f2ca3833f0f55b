"""The table of all pages. A page that isn't here doesn't exist; one that is not in the tests' matrix fails them."""

from web.api.route import Transaction
from web.pages import entry, hooks, inbox, lead_pages, passwords, settings, start, status, team, you
from web.pages.route import Page, Who

READ, WRITE, OWN = Transaction.READ, Transaction.WRITE, Transaction.OWN
ANYONE, USER, ADMIN = Who.ANYONE, Who.USER, Who.ADMIN
MESSAGE, LEAD = "/inbox/<id:message_id>", "/leads/<id:lead_id>"
HOOK = "/webhooks/<id:webhook_id>"
DELIVERY = f"{HOOK}/deliveries/<id:delivery_id>"

USER_PAGE, TEAM = "/team/<id:user_id>", "/team/teams/<id:team_id>"

PAGES = (
    Page("GET", "/", entry.home, USER),
    Page("GET", "/setup", entry.setup, ANYONE, OWN),
    Page("POST", "/setup", entry.set_up, ANYONE, OWN, entry.setup),
    Page("GET", "/login", entry.login, ANYONE, OWN),
    Page("POST", "/login", entry.log_in, ANYONE, OWN, entry.login),
    Page("POST", "/logout", entry.log_out, USER, WRITE),
    Page("GET", "/password", passwords.link, ANYONE, OWN),
    Page("POST", "/password", passwords.set_by_link, ANYONE, OWN, passwords.link),
    Page("POST", "/theme", entry.theme, ANYONE, OWN),
    Page("GET", "/inbox", inbox.inbox, USER),
    Page("GET", MESSAGE, inbox.message, USER),
    Page("GET", f"{MESSAGE}/raw", inbox.raw, USER),
    Page("GET", f"{MESSAGE}/html", inbox.html, USER),
    Page("GET", f"{MESSAGE}/attachments/<digest:digest>", inbox.attachment, USER),
    Page("POST", f"{MESSAGE}/reprocess", inbox.reprocess, USER, OWN, inbox.message),
    Page("POST", f"{MESSAGE}/resolve", inbox.resolve, USER, OWN, inbox.message),
    Page("GET", "/leads", lead_pages.leads, USER),
    Page("POST", "/leads", lead_pages.create, USER, WRITE, lead_pages.leads),
    Page("GET", LEAD, lead_pages.lead, USER),
    Page("POST", f"{LEAD}/change", lead_pages.change, USER, WRITE, lead_pages.lead),
    Page("POST", f"{LEAD}/take", lead_pages.take, USER, WRITE, lead_pages.lead),
    Page("POST", f"{LEAD}/comment", lead_pages.comment, USER, WRITE, lead_pages.lead),
    Page("POST", f"{LEAD}/confirm", lead_pages.confirm, USER, WRITE, lead_pages.lead),
    Page("POST", f"{LEAD}/trash", lead_pages.trash, USER, WRITE, lead_pages.lead),
    Page("GET", f"{LEAD}/access", lead_pages.access, ADMIN),
    Page("POST", "/test-mail", start.send_test, USER, OWN),
    Page("GET", "/test-mail/<id:message_id>", start.test_mail, USER),
    Page("POST", "/demo", start.load_demo, ADMIN, OWN),
    Page("POST", "/demo/remove", start.remove_demo, ADMIN, WRITE),
    Page("GET", "/webhooks", hooks.webhooks, ADMIN),
    Page("POST", "/webhooks", hooks.create, ADMIN, WRITE, hooks.webhooks),
    Page("GET", HOOK, hooks.webhook, ADMIN),
    Page("POST", f"{HOOK}/change", hooks.change, ADMIN, WRITE, hooks.webhook),
    Page("POST", f"{HOOK}/secret", hooks.rotate, ADMIN, WRITE, hooks.webhook),
    Page("POST", f"{HOOK}/switch", hooks.switch, ADMIN, WRITE, hooks.webhook),
    Page("POST", f"{HOOK}/delete", hooks.delete, ADMIN, WRITE, hooks.webhook),
    Page("POST", f"{HOOK}/test", hooks.send_test, ADMIN, WRITE, hooks.webhook),
    Page("POST", f"{HOOK}/redeliver", hooks.redeliver_failed, ADMIN, WRITE, hooks.webhook),
    Page("GET", DELIVERY, hooks.delivery, ADMIN),
    Page("POST", f"{DELIVERY}/redeliver", hooks.redeliver, ADMIN, WRITE, hooks.delivery),
    Page("GET", "/team", team.team, USER),
    Page("POST", "/team", team.invite, ADMIN, WRITE, team.team),
    Page("GET", USER_PAGE, team.user, ADMIN),
    Page("POST", f"{USER_PAGE}/change", team.change, ADMIN, WRITE, team.user),
    Page("POST", f"{USER_PAGE}/remove", team.remove, ADMIN, WRITE, team.user),
    Page("POST", f"{USER_PAGE}/password-link", passwords.make_link, ADMIN),
    Page("POST", "/team/teams", team.create_team, ADMIN, WRITE, team.team),
    Page("GET", TEAM, team.one_team, ADMIN),
    Page("POST", f"{TEAM}/change", team.change_team, ADMIN, WRITE, team.one_team),
    Page("POST", f"{TEAM}/delete", team.delete_team, ADMIN, WRITE, team.one_team),
    Page("GET", "/settings", settings.settings, ADMIN),
    Page("POST", "/settings", settings.change, ADMIN, WRITE, settings.settings),
    Page("GET", "/status", status.status, ADMIN, OWN),
    Page("GET", "/you", you.you, USER),
    Page("POST", "/you", you.change, USER, WRITE, you.you),
    Page("POST", "/you/address", you.rotate, USER, WRITE, you.you),
    Page("POST", "/you/password", passwords.change, USER, OWN, you.you),
    Page("POST", "/you/sessions/<id:session_id>/end", you.revoke, USER, WRITE),
    Page("POST", "/you/sessions/end-others", you.revoke_others, USER, WRITE),
)

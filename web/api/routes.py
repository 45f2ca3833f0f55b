"""The table of calls: everything the API can do, one line each. `dispatch`, `description` and tests read it."""
# ruff: noqa: E501  # a table reads by lines, however long they are

from web.api import (
    accounts,
    addresses,
    bodies,
    bodies_of_sources,
    endpoints,
    events,
    forms,
    leads,
    mailboxes,
    messages,
    outgoing,
    partners,
    queries,
    rulebook,
    shapes,
    shapes_of_automation,
    shapes_of_forms,
    shapes_of_leads,
    shapes_of_mailboxes,
    shapes_of_messages,
    shapes_of_outgoing,
    shapes_of_sources,
    teams,
    users,
)
from web.api.route import Route, Transaction, Who

READ, WRITE, OWN = Transaction.READ, Transaction.WRITE, Transaction.OWN
DEPLOYMENT, USER, ADMIN = Who.DEPLOYMENT, Who.USER, Who.ADMIN

PREFIX = "/api/v1"

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("POST", "/accounts", accounts.create_account, DEPLOYMENT, WRITE, "Make an account with its first admin", 201, body=bodies.NewAccount, gives=shapes.MadeAccount),
    Route("GET", "/account", accounts.read_account, USER, READ, "The account's settings", gives=shapes.Account),
    Route("PATCH", "/account", accounts.change_account, ADMIN, WRITE, "Change the account's settings", body=bodies.AccountChange, gives=shapes.Account),
    # users
    Route("GET", "/users", users.list_users, USER, READ, "All users", gives=list[shapes.User]),
    Route("POST", "/users", users.create_user, ADMIN, WRITE, "Make a user", 201, body=bodies.NewUser, gives=shapes.MadeUser),
    Route("GET", "/users/<id:user_id>", users.get_user, USER, READ, "One user", gives=shapes.User),
    Route("PATCH", "/users/<id:user_id>", users.change, USER, WRITE, "Change a user", body=bodies.UserChange, gives=shapes.User),
    Route("DELETE", "/users/<id:user_id>", users.remove, ADMIN, WRITE, "Remove a user", 204, query=queries.RemoveUserQuery),
    Route("POST", "/users/<id:user_id>/api-keys", users.create_key, USER, WRITE, "Make an API key", 201, body=bodies.NewKey, gives=shapes.ApiKey, secret=True),
    Route("POST", "/users/<id:user_id>/address", users.rotate, USER, WRITE, "Replace a user's personal address", 201, gives=shapes.User),
    # teams
    Route("GET", "/teams", teams.list_teams, USER, READ, "Teams", gives=list[shapes.Team]),
    Route("POST", "/teams", teams.create_team, ADMIN, WRITE, "Make a team", 201, body=bodies.NewTeam, gives=shapes.Team),
    Route("GET", "/teams/<id:team_id>", teams.get_team, USER, READ, "One team", gives=shapes.Team),
    Route("PATCH", "/teams/<id:team_id>", teams.change, ADMIN, WRITE, "Change a team", body=bodies.TeamChange, gives=shapes.Team),
    Route("DELETE", "/teams/<id:team_id>", teams.delete, ADMIN, WRITE, "Delete a team", 204),
    # leads
    Route("GET", "/leads", leads.list_leads, USER, READ, "Leads", query=queries.LeadsQuery, gives=list[shapes_of_leads.Lead], paged=True),
    Route("POST", "/leads", leads.create, USER, WRITE, "Make a lead", 201, body=bodies.NewLead, gives=shapes_of_leads.Lead),
    Route("GET", "/leads/<id:lead_id>", leads.get_lead, USER, READ, "One lead", gives=shapes_of_leads.Lead),
    Route("PATCH", "/leads/<id:lead_id>", leads.change, USER, WRITE, "Change a lead", body=bodies.LeadChange, gives=shapes_of_leads.Lead),
    Route("DELETE", "/leads/<id:lead_id>", leads.trash, USER, WRITE, "Put a lead into the trash", 204),
    Route("POST", "/leads/<id:lead_id>/not-a-lead", leads.not_a_lead, USER, WRITE, "Say that it is no lead", body=bodies.NotALead, gives=shapes_of_leads.NotALead),
    Route("POST", "/leads/<id:lead_id>/restore", leads.restore, USER, WRITE, "Take a lead out of the trash", gives=shapes_of_leads.Lead),
    Route("POST", "/leads/<id:lead_id>/assign", leads.assign, USER, WRITE, "Give a lead to a user", body=bodies.Assignment, gives=shapes_of_leads.Lead | None),
    Route("POST", "/leads/<id:lead_id>/comments", leads.comment, USER, WRITE, "Comment on a lead", 201, body=bodies.NewComment, gives=shapes_of_leads.HistoryEntry),
    Route("GET", "/leads/<id:lead_id>/history", leads.history, USER, READ, "A lead's timeline", query=queries.ListQuery, gives=list[shapes_of_leads.HistoryEntry], paged=True),
    # messages
    Route("GET", "/messages", messages.list_messages, USER, READ, "Messages", query=queries.MessagesQuery, gives=list[shapes_of_messages.Message], paged=True),
    Route("POST", "/messages", messages.hand_in, USER, OWN, "Hand in a message", 202, query=queries.HandInQuery, body=bytes, gives=shapes.Id),
    Route("GET", "/messages/<id:message_id>", messages.get_message, USER, READ, "One message", gives=shapes_of_messages.Message),
    Route("GET", "/messages/<id:message_id>/raw", messages.get_raw, USER, READ, "The bytes as received", gives=bytes),
    Route("POST", "/messages/<id:message_id>/reprocess", messages.reprocess, USER, OWN, "Read a message again", body=bodies.Reprocess, gives=shapes_of_messages.Reprocessed),
    Route("POST", "/messages/<id:message_id>/resolve", messages.resolve, USER, OWN, "Resolve a held message", body=bodies.Resolution, gives=shapes_of_messages.Message),
    # forms
    Route("GET", "/forms", forms.list_forms, ADMIN, READ, "Forms", gives=list[shapes_of_forms.Form]),
    Route("POST", "/forms", forms.create, ADMIN, WRITE, "Make a form", 201, body=bodies.NewForm, gives=shapes_of_forms.Form),
    Route("GET", "/forms/<id:form_id>", forms.get, ADMIN, READ, "One form", gives=shapes_of_forms.Form),
    Route("PATCH", "/forms/<id:form_id>", forms.change, ADMIN, WRITE, "Change a form", body=bodies.FormChange, gives=shapes_of_forms.Form),
    Route("DELETE", "/forms/<id:form_id>", forms.delete, ADMIN, WRITE, "Delete a form", 204),
    Route("POST", "/forms/<id:form_id>/address", forms.rotate, ADMIN, WRITE, "Replace a form's address", 201, gives=shapes_of_forms.Form),
    # addresses
    Route("GET", "/addresses", addresses.list_addresses, ADMIN, READ, "Inbound addresses, and how they fare", gives=list[shapes_of_sources.Address]),
    Route("POST", "/addresses", addresses.create, ADMIN, WRITE, "Make an address for leads", 201, body=bodies_of_sources.NewAddress, gives=shapes_of_sources.Address),
    Route("GET", "/addresses/<id:address_id>", addresses.get, ADMIN, READ, "One address", gives=shapes_of_sources.Address),
    Route("PATCH", "/addresses/<id:address_id>", addresses.change, ADMIN, WRITE, "Change an address", body=bodies_of_sources.AddressChange, gives=shapes_of_sources.Address),
    Route("POST", "/addresses/<id:address_id>/rotate", addresses.rotate, ADMIN, WRITE, "Replace a secret address", 201, gives=shapes_of_sources.Address),
    # partners
    Route("GET", "/partners", partners.list_partners, ADMIN, READ, "Partners, and how they fare", gives=list[shapes_of_sources.Partner]),
    Route("POST", "/partners", partners.create, ADMIN, WRITE, "Make a partner", 201, body=bodies_of_sources.NewPartner, gives=shapes_of_sources.Partner),
    Route("GET", "/partners/<id:partner_id>", partners.get, ADMIN, READ, "One partner", gives=shapes_of_sources.Partner),
    Route("PATCH", "/partners/<id:partner_id>", partners.change, ADMIN, WRITE, "Change a partner", body=bodies_of_sources.PartnerChange, gives=shapes_of_sources.Partner),
    Route("DELETE", "/partners/<id:partner_id>", partners.delete, ADMIN, WRITE, "Delete a partner", 204),
    Route("POST", "/partners/<id:partner_id>/address", partners.rotate, ADMIN, WRITE, "Replace a partner's address", 201, gives=shapes_of_sources.Partner),
    # mailboxes
    Route("GET", "/mailboxes", mailboxes.list_mailboxes, ADMIN, READ, "Mailboxes, and how they fare", gives=list[shapes_of_mailboxes.Mailbox]),
    Route("POST", "/mailboxes", mailboxes.create_mailbox, ADMIN, WRITE, "Read a mailbox", 201, body=bodies.NewMailbox, gives=shapes_of_mailboxes.Mailbox),
    Route("POST", "/mailboxes/test", mailboxes.test_new_mailbox, ADMIN, OWN, "Try a connection, saving nothing", body=bodies.NewMailbox, gives=shapes_of_mailboxes.ConnectionTest),
    Route("GET", "/mailboxes/<id:mailbox_id>", mailboxes.get_mailbox, ADMIN, READ, "One mailbox", gives=shapes_of_mailboxes.Mailbox),
    Route("PATCH", "/mailboxes/<id:mailbox_id>", mailboxes.change_mailbox, ADMIN, WRITE, "Change a mailbox", body=bodies.MailboxChange, gives=shapes_of_mailboxes.Mailbox),
    Route("DELETE", "/mailboxes/<id:mailbox_id>", mailboxes.delete_mailbox, ADMIN, WRITE, "Read a mailbox no more", 204),
    Route("POST", "/mailboxes/<id:mailbox_id>/test", mailboxes.test_mailbox, ADMIN, OWN, "Try a connection with changes, saving nothing", body=bodies.MailboxChange, gives=shapes_of_mailboxes.ConnectionTest),
    # outgoing mail
    Route("GET", "/outgoing-mail", outgoing.get_settings, ADMIN, READ, "The mail server that sends", gives=shapes_of_outgoing.OutgoingMail),
    Route("PATCH", "/outgoing-mail", outgoing.change_settings, ADMIN, WRITE, "Set the account's own mail server", body=bodies.SmarthostChange, gives=shapes_of_outgoing.OutgoingMail),
    Route("POST", "/outgoing-mail/test", outgoing.test_settings, ADMIN, OWN, "Try a connection with changes, saving nothing", body=bodies.SmarthostChange, gives=shapes_of_outgoing.MailTest),
    Route("GET", "/outgoing-mails", outgoing.list_mails, ADMIN, READ, "Mails of leadgate's own", query=queries.ListQuery, gives=list[shapes_of_outgoing.SentMail], paged=True),
    Route("GET", "/outgoing-mails/<id:mail_id>", outgoing.get_mail, ADMIN, READ, "One such mail", gives=shapes_of_outgoing.SentMail),
    Route("POST", "/outgoing-mails/<id:mail_id>/send-again", outgoing.send_again, ADMIN, WRITE, "Send such a mail again", 202, gives=shapes_of_outgoing.SentMail),
    # webhooks
    Route("GET", "/webhooks", endpoints.list_webhooks, ADMIN, READ, "Webhooks", gives=list[shapes_of_automation.Webhook]),
    Route("POST", "/webhooks", endpoints.create_webhook, ADMIN, WRITE, "Make a webhook", 201, body=bodies.NewWebhook, gives=shapes_of_automation.MadeWebhook, secret=True),
    Route("GET", "/webhooks/<id:webhook_id>", endpoints.get_webhook, ADMIN, READ, "One webhook", gives=shapes_of_automation.Webhook),
    Route("PATCH", "/webhooks/<id:webhook_id>", endpoints.change_webhook, ADMIN, WRITE, "Change a webhook", body=bodies.WebhookChange, gives=shapes_of_automation.Webhook),
    Route("DELETE", "/webhooks/<id:webhook_id>", endpoints.delete_webhook, ADMIN, WRITE, "Delete a webhook", 204),
    Route("POST", "/webhooks/<id:webhook_id>/secret", endpoints.rotate_secret, ADMIN, WRITE, "Make a new secret", 201, gives=shapes_of_automation.WebhookSecret, secret=True),
    Route("POST", "/webhooks/<id:webhook_id>/test", endpoints.send_test, ADMIN, WRITE, "Send a test event", 202, gives=shapes_of_automation.TestEvent),
    Route("GET", "/webhooks/<id:webhook_id>/deliveries", endpoints.list_deliveries, ADMIN, READ, "Deliveries of a webhook", query=queries.ListQuery, gives=list[shapes_of_automation.Delivery], paged=True),
    Route("GET", "/webhooks/<id:webhook_id>/deliveries/<id:delivery_id>", endpoints.get_delivery, ADMIN, READ, "One delivery", gives=shapes_of_automation.Delivery),
    Route("POST", "/webhooks/<id:webhook_id>/deliveries/<id:delivery_id>/redeliver", endpoints.redeliver, ADMIN, WRITE, "Send a delivery again", 202, gives=shapes_of_automation.Delivery),
    # rules
    Route("GET", "/rules", rulebook.list_rules, ADMIN, READ, "Rules, in their order", gives=list[shapes_of_automation.Rule]),
    Route("POST", "/rules", rulebook.create_rule, ADMIN, WRITE, "Make a rule", 201, body=bodies.RuleDocument, gives=shapes_of_automation.Rule),
    Route("GET", "/rules/<id:rule_id>", rulebook.get_rule, ADMIN, READ, "One rule", gives=shapes_of_automation.Rule),
    Route("PATCH", "/rules/<id:rule_id>", rulebook.change_rule, ADMIN, WRITE, "Change a rule", body=bodies.RuleDocument, gives=shapes_of_automation.Rule),
    Route("DELETE", "/rules/<id:rule_id>", rulebook.delete_rule, ADMIN, WRITE, "Delete a rule", 204),
    Route("GET", "/rules/<id:rule_id>/versions", rulebook.list_versions, ADMIN, READ, "Versions of a rule", gives=list[shapes_of_automation.RuleVersion]),
    # events
    Route("GET", "/events", events.list_events, USER, READ, "Events, with what the rules did", query=queries.EventsQuery, gives=list[shapes_of_automation.Event], paged=True),
)
# fmt: on

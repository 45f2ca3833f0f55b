"""What people and programs open with HTTP: the API, health, and the pages.

It knows `store` (and the pure floors below) and Flask. It must not know ingestion, the queue, settings or
the environment: what it needs from them comes in `services.Services`, filled in by `config.wiring`.

Rooms
-----
app          create_app(services): the Flask application, its order of checks for every request
services     what the application is given from outside
server       serve(): waitress, with a stop that lets requests finish;  large_bodies: form posts over its limit
problems     errors as problem+json (RFC 9457); the one catch-all
auth         who asks: keys of users, keys of the deployment
rates        how often somebody may ask
proxies      the client's address behind trusted proxies
headers      security headers of every answer
form_door/   /f/<token>: posts of websites' forms
health       /healthz and /readyz
api/         /api/v1
pages/       what people see in a browser
link_mails   links for passwords, mailed
logging_in   passwords checked, wrong ones slowed down;  form_tokens: against forms of other sites
translating  language and time zone of a page;  translations/: German
html_mail    a mail's HTML, cleaned
templates/, static/   of pages; static/vendor: Pico and htmx, with their licences;  assets: their addresses
"""

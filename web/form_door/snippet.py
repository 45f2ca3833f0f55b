"""HTML to copy into a page: a plain form that works without JavaScript.

The honeypot is out of sight and out of the order of keys, named so that no browser fills it in by itself. `_elapsed`
tells how long the page was open, where scripts run and the page allows them; without it nothing is held against the
visitor.
"""

from html import escape

from store.forms import Form

_FORM = """<form action="{url}" method="post" enctype="multipart/form-data">
  <p><label>Name <input name="name" autocomplete="name" required></label></p>
  <p><label>E-mail <input name="email" type="email" autocomplete="email" required></label></p>
  <p><label>Phone <input name="phone" type="tel" autocomplete="tel"></label></p>
  <p><label>Message <textarea name="message" rows="6" required></textarea></label></p>
  <p><label>File <input name="file" type="file" multiple></label></p>
  <p style="position:absolute;left:-9999px" aria-hidden="true">
    <label>Leave this empty <input name="_gotcha" tabindex="-1" autocomplete="off"></label></p>
  <input type="hidden" name="_elapsed" value="">
  <p><button>Send</button></p>
</form>
<script>
  document.querySelector('form[action="{url}"]').addEventListener("submit", function () {{
    this.elements._elapsed.value = Math.round(performance.now());
  }});
</script>
"""


def snippet(form: Form, public_url: str) -> str:
    """The snippet of a form that is posted to below `public_url`."""
    return _FORM.format(url=escape(f"{public_url.rstrip('/')}/f/{form.token}", quote=True))

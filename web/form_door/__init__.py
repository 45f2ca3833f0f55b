"""The form door: `POST /f/<token>`, from a visitor's browser or a site's server (product §2, Form details).

No session is read or set here and no CSRF token asked for: a post carries nothing but what stands in it, and is
stored as it came. What it means, spam included, is found out later from the stored bytes; a machine is answered like
anybody else.

Rooms
-----
door       the view: the form, the origin, the rate, the post taken and stored, the answer
taking     reading the body within its limits; what of it is stored
answers    pages, JSON, redirects, and the headers of CORS
words      what the pages say, in English and German
snippet    HTML to copy into a site
"""

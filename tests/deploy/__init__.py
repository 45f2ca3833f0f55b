"""The files of deploy/, as far as they can be tested without installing them."""

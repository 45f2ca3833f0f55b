"""The form door of a whole leadgate under pressure: hostile posts, kills, large files.

The short forms are in `test_forms`. The long ones:

    python -m tests.forms hostile --count 10000    good posts are answered in time, nothing hostile comes through
    python -m tests.forms kills --count 50         what was answered 200 or 302 is there after kill -9
    python -m tests.forms memory                   25 MiB in files: peak − idle of every process

Rooms: `hostile` the posts and their verdict; `kills`, `memory` the other scenes; `site` a deployment with a form.
"""

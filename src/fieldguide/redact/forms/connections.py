"""Forms of connection strings, of addresses that hold a secret, and of webhooks.

Comes in: nothing. Goes out: a table. Must never: take an address of nothing but public parts for a secret.
"""

from __future__ import annotations

import re
from typing import Final

from fieldguide.redact.forms.form import QUOTE, Form, Judgement

_HOST: Final = r"""(?=[\w\[{$%<*-])"""
_COMPANION: Final = re.compile(
    r"""(?<![a-z])(?:server|host(?:name)?|data\ source|datasource|address|addr|user(?:\ ?id|name)?|uid
    |db(?:name)?|database|port|endpoint|initial\ catalog|driver|dsn|account(?:name|endpoint)|bootstrap|loginmodule
    |sharedaccesskeyname|defaultendpointsprotocol|hostname)["']?\s{0,2}[=]|loginmodule\s|jdbc:""",
    re.VERBOSE,
)
"""What a connection string says besides."""
_VALUE: Final = r"""(?:[^\s;"'`<>&\\,)]|&(?![\w.-]{1,40}=|quot;|amp;|apos;|\#)){2,200}"""
_DATABASES: Final = (
    r"(?:postgres(?:ql)?|mysql|mariadb|mongodb|rediss?|amqps?|mssql|oracle|cockroachdb|clickhouse|cassandra|couchdb|neo4j|bolt"
    r"|ldaps?|smtps?|imaps?|ftps?|sftp|ssh|db2|sqlserver|snowflake|redshift|nats|mqtts?|kafka|stomp)"
)

CONNECTIONS: Final = (
    Form(  # the password reaches to the last @ of the authority, so that it may hold one itself
        "url-password",
        ("://",),
        re.compile(
            rf"""://[^\s/:@"'<>`\\?\#]{{0,100}}+:(?P<secret>(?!\d{{1,5}}[,;)\]])(?:[^\s/"'<>`\\]|\\[^nrt\s"']){{1,200}})@{_HOST}""",
        ),
    ),
    Form(  # a slash or a question mark that should have been percent-encoded
        "url-password",
        tuple(
            f"{scheme}://"
            for scheme in ("sql", "postgres", "mongodb", "srv", "redis", "rediss", "amqp", "amqps", "ftp")
        ),
        re.compile(
            r"""[a-z]{2,10}://[^\s/:@"'<>`\\]{1,100}+:(?P<secret>(?!\d{1,5}/)[^\s"'<>`\\@]{1,100})@(?=[\w.\[-]{3})""",
            re.IGNORECASE,
        ),
    ),
    Form(  # a token in the place of the user, as git remotes, Sentry's addresses and package indexes have it
        "url-token",
        ("://",),
        re.compile(rf"""://(?P<secret>[A-Za-z0-9_.~%-]{{20,255}}+)(?::(?:x-oauth-basic)?)?@{_HOST}"""),
        Judgement.LIKELY,
    ),
    Form(
        "password",
        ("password", "pwd"),
        re.compile(
            rf"""(?:password|pwd){QUOTE}?\s{{0,2}}=\s{{0,2}}(?P<secret>(?!\{{){_VALUE})""",
            re.IGNORECASE,
        ),
        near=_COMPANION,
    ),
    Form(  # ODBC and libpq quote what holds their separators
        "password",
        ("password", "pwd"),
        re.compile(
            r"""(?:password|pwd)\s{0,2}=\s{0,2}(?:(\{)|\\{0,3}["'])(?P<secret>(?(1)[^{}\n]|[^"'\n\\]){2,200})(?(1)\}|\\{0,3}["'])""",
            re.IGNORECASE,
        ),
        near=_COMPANION,
    ),
    Form(
        "access-key",
        (
            "accountkey",
            "accesskey",
            "sharedsecretkey",
            "sharedaccesssignature",
            "account key",
            "authkey",
            "accesssecret",
        ),
        re.compile(
            r"""(?:shared)?(?:account|access|secret|auth)[ ]?(?:key|signature|secret){1,2}+\s?=\s?"""
            r"""(?P<secret>[A-Za-z0-9+/%_.~&=-]{16,300})""",
            re.IGNORECASE,
        ),
        near=_COMPANION,
    ),
    Form(
        "password",
        ("jdbc:oracle:",),
        re.compile(r"""jdbc:oracle:\w{1,10}:[^\s/"'@]{1,60}/(?P<secret>[^\s"'@]{1,200})@""", re.IGNORECASE),
    ),
    Form(
        "password",
        ("sqlplus", "rman target", "impdp", "expdp"),
        re.compile(
            r"""(?:sqlplus|rman target|impdp|expdp)\s(?:-\w{1,2}\s){0,3}["']?\w{1,60}/(?P<secret>[^\s"'@/]{2,100})@""",
            re.IGNORECASE,
        ),
    ),
    Form(
        "webhook",
        ("webhook.office.com/webhookb2/", "outlook.office.com/webhook/", "outlook.office365.com/webhook/"),
        re.compile(
            r"""[\w.]{5,40}/webhook(?:b2)?/[\w@-]{36,80}/IncomingWebhook/(?P<secret>[\w/-]{16,120})""",
            re.IGNORECASE,
        ),
    ),
    Form(
        "webhook",
        ("hooks.zapier.com/hooks/catch/", "hooks.slack.com/", "hook.integromat.com/", "hook.eu", "hook.us"),
        re.compile(
            r"""hooks?\.(?:zapier\.com/hooks/catch/\d{1,12}/|slack\.com/\w{5,12}/\w{3,20}/\w{3,20}/|integromat\.com/|[eu][us]\d\.make\.com/)"""
            r"""(?P<secret>[A-Za-z0-9_-]{6,80}(?:/[A-Za-z0-9_-]{6,80})?)""",
            re.IGNORECASE,
        ),
    ),
    Form(
        "webhook",
        ("/api/webhooks/",),
        re.compile(r"/api/webhooks/\d{10,30}/(?P<secret>[\w-]{40,120})"),
    ),
    Form(
        "webhook",
        ("maker.ifttt.com/trigger/",),
        re.compile(
            r"maker\.ifttt\.com/trigger/[\w{}%$-]{1,60}/(?:json/)?with/key/(?P<secret>[\w-]{16,80})", re.IGNORECASE
        ),
    ),
    Form(
        "webhook",
        ("/open-apis/bot/v2/hook/", "hc-ping.com/", "/receiver/v1/http/", "/incomingwebhooks/", "/webhooks/incoming/"),
        re.compile(
            r"(?:/open-apis/bot/v2/hook/|hc-ping\.com/|/receiver/v1/http/|/incomingwebhooks/|/webhooks/incoming/)"
            r"(?P<secret>[\w=-]{20,200})",
            re.IGNORECASE,
        ),
    ),
    Form(
        "webhook",
        ("/hooks/",),
        re.compile(r"/hooks/(?:[A-Za-z0-9]{17}/)?(?P<secret>(?=[a-z]{0,30}\d)[A-Za-z0-9]{26,64})(?![\w./-])"),
        Judgement.LIKELY,
    ),
)
"""Found by their keywords."""

QUERY: Final = re.compile(
    r"""[?&\#"'](?:amp;)?(?P<name>[\w.~-]{0,40}?(?:token|sig|signature|key|secret|password|passwd|pwd|auth|jwt|credential|session|(?<![a-z])code
    |(?:session|s|app)_?id))=(?P<secret>[^\s&"'`<>\#\\)}\]|;]{6,2048}+)""",
    re.VERBOSE,
)
"""A parameter of an address or of a form, in lower-case text."""
CERTAIN_PARAMETER: Final = re.compile(r"(?:secret|password|passwd|pwd|signature|sig)$")
"""Ends of names of parameters that hold nothing else than a secret."""

"""Places in configuration, shell, documents and records, by templates.

Goes out: placements. The text around a value is what people write around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from placing import (
    ALL,
    BARE,
    LINES,
    ONE_LINE,
    WHOLE,
    Form,
    after_user,
    in_json,
    in_json_twice,
    in_sql,
    in_url,
    in_xml,
    led,
    percent,
    placement,
    quoted,
    raw,
    split,
    wrapped,
)

if TYPE_CHECKING:
    from samples import Placement

_KUBERNETES = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\n{}:\n  $kebab: @@\ntype: Opaque\n"
_NOTEBOOK = '{{\n "cells": [\n  {{\n   "cell_type": "code",\n   {}\n  }}\n ],\n "nbformat": 4\n}}\n'
_OUTPUT = '"outputs": [{"name": "stdout", "text": ["connected\\n", "$name: @@\\n"]}], "source": []'
_PYPIRC = "[distutils]\nindex-servers = pypi\n\n[pypi]\nusername = __token__\npassword = @@\n"
_HTTP = "GET /v1/items HTTP/1.1\nHost: api.internal\n{}\nAccept: */*\n\n"
_KUBECONFIG = "apiVersion: v1\nkind: Config\nusers:\n- name: admin\n  user:\n    token: @@\n"
_PLAIN_YAML = "#:{}[]&*!|>'\"%@`, "
_SHELL = "'\"$`\\!&;|<>() "


def placements() -> list[Placement]:
    """By family."""
    return [*_configuration(), *_deployment(), *_tools(), *_shell(), *_documents(), *_records()]


def _configuration() -> list[Placement]:
    return [
        placement("toml", "app.toml", ALL, Form('[server]\nport = 80\n$name = "@@"\n', quoted)),
        placement(
            "toml-inline-table",
            "pyproject.toml",
            ONE_LINE,
            Form('[tool.x]\ndb = { user = "app", $name = "@@" }\n', quoted),
        ),
        placement(
            "yaml-plain", "app.yaml", ONE_LINE, Form("server:\n  port: 80\n  $name: @@\n", raw, unfit=_PLAIN_YAML)
        ),
        placement("yaml-single-quoted", "values.yml", ONE_LINE, Form("server:\n  $name: '@@'\n", in_sql)),
        placement("yaml-block", "keys.yaml", ALL, Form("tls:\n  $name: |\n    @@\n  port: 443\n", led("    "))),
        placement("yaml-continued-line", "folded.yaml", ONE_LINE, Form('app:\n  $name: "@@"\n', split("\\\n    "))),
        placement("yaml-flow", "flow.yaml", ONE_LINE, Form('db: {user: app, $name: "@@", port: 5432}\n', quoted)),
        placement("json", "config.json", ALL, Form('{\n  "host": "h",\n  "$camel": "@@",\n  "port": 80\n}\n', in_json)),
        placement(
            "json-in-string",
            "event.json",
            ONE_LINE,
            Form('{"body": "{\\"$name\\": \\"@@\\", \\"n\\": 1}"}\n', in_json_twice),
        ),
        placement("ini", "app.ini", ONE_LINE, Form("[main]\nport = 80\n$name = @@\n", raw)),
        placement("properties", "app.properties", ONE_LINE, Form("app.port=80\napp.$kebab=@@\n", raw)),
        placement("xml-element", "config.xml", ALL, Form("<config>\n  <$camel>@@</$camel>\n</config>\n", in_xml)),
        placement("xml-attribute", "web.config", ONE_LINE, Form('<add key="$camel" value="@@" />\n', in_xml)),
        placement("environment-file", "env.example", ONE_LINE, Form("PORT=80\n$NAME=@@\n", raw, unfit=" #'\"")),
        placement("hcl", "main.tf", ALL, Form('resource "x" "y" {\n  $name = "@@"\n}\n', quoted)),
        placement("toml-literal-lines", "keys.toml", LINES, Form("$name = '''\n@@\n'''\n", raw)),
    ]


def _deployment() -> list[Placement]:
    return [
        placement(
            "compose-list", "compose.yaml", ONE_LINE, Form("x:\n  environment:\n    - $NAME=@@\n", raw, unfit=" #\"'")
        ),
        placement(
            "compose-mapping", "docker-compose.yml", ONE_LINE, Form('x:\n  environment:\n    $NAME: "@@"\n', quoted)
        ),
        placement("kubernetes-data", "secret.yaml", ALL, Form(_KUBERNETES.format("data"), wrapped)),
        placement(
            "kubernetes-string-data",
            "secret.yml",
            ONE_LINE,
            Form(_KUBERNETES.format("stringData"), raw, unfit=_PLAIN_YAML),
        ),
        placement(
            "workflow",
            ".github/workflows/ci.yml",
            ONE_LINE,
            Form("env:\n  $NAME: @@\njobs: {}\n", raw, unfit=_PLAIN_YAML),
        ),
        placement("dockerfile-env", "Dockerfile", ONE_LINE, Form("FROM x\nENV $NAME=@@\n", raw, unfit=_SHELL)),
        placement(
            "dockerfile-env-space", "Dockerfile", ONE_LINE, Form("FROM x\nENV $NAME @@\nRUN make\n", raw, unfit=_SHELL)
        ),
        placement("dockerfile-arg", "Dockerfile", ONE_LINE, Form('FROM x\nARG $NAME="@@"\n', quoted, unfit="$`")),
        placement(
            "dockerfile-run", "Dockerfile", WHOLE, Form("FROM x\nRUN ./login --$kebab=@@ && make\n", raw, unfit=_SHELL)
        ),
    ]


def _tools() -> list[Placement]:
    return [
        placement(
            "netrc",
            "home/netrc.txt",
            WHOLE,
            Form("machine api.internal\n  login $user\n  password @@\n", raw, unfit=" "),
        ),
        placement("npmrc", "docs/npmrc.txt", WHOLE, Form("//npm.internal/:_authToken=@@\n", raw, unfit=" #;")),
        placement("pypirc", "docs/pypirc.cfg", WHOLE, Form(_PYPIRC, raw)),
        placement("kubeconfig", "admin.conf", WHOLE, Form(_KUBECONFIG, raw, unfit=_PLAIN_YAML)),
        placement(
            "docker-auth", "docker-config.json", WHOLE, Form('{"auths": {"r.io": {"auth": "@@"}}}\n', after_user)
        ),
    ]


def _shell() -> list[Placement]:
    return [
        placement("shell-export", "setup.sh", ALL, Form("#!/bin/sh\nexport $NAME='@@'\nmake\n", raw, unfit="'")),
        placement("shell-flag", "run.sh", WHOLE, Form("./app --port 80 --$kebab @@ --verbose\n", raw, unfit=_SHELL)),
        placement("shell-heredoc", "write.sh", ALL, Form("cat > app.conf <<'EOF'\n$name=@@\nEOF\n", raw)),
        placement(
            "curl-header",
            "call.sh",
            WHOLE,
            Form("curl -s -H 'Authorization: Bearer @@' https://api/x\n", raw, unfit=_SHELL),
        ),
        placement("curl-user", "get.sh", WHOLE, Form("curl -u '$user:@@' https://api.internal/x\n", raw, unfit="'@")),
        placement("makefile", "Makefile", ONE_LINE, Form("$NAME := @@\n\nall:\n\tmake x\n", raw, unfit="#$")),
        placement(
            "pgpassword", "dump.sh", WHOLE, Form("PGPASSWORD='@@' pg_dump -h db app > app.sql\n", raw, unfit="'")
        ),
    ]


def _documents() -> list[Placement]:
    return [
        placement(
            "markdown-prose", "README.md", WHOLE, Form("# App\n\nThe $words for staging is `@@`, ask Ada.\n", raw)
        ),
        placement("markdown-bare", "NOTES.md", BARE, Form("# Notes\n\nUse this one:\n\n@@\n\nuntil Friday.\n", raw)),
        placement(
            "markdown-code",
            "docs/setup.md",
            ALL,
            Form("Run:\n\n```bash\nexport $NAME='@@'\nmake\n```\n", raw, unfit="'"),
        ),
        placement(
            "markdown-table",
            "docs/env.md",
            ONE_LINE,
            Form("| name | value |\n| --- | --- |\n| `$NAME` | `@@` |\n", raw, unfit="|"),
        ),
        placement("markdown-list", "docs/list.md", ONE_LINE, Form("Login:\n\n- user: $user\n- $words: @@\n", raw)),
        placement(
            "markdown-link", "docs/link.md", WHOLE, Form("See [the console](https://api.internal/?$name=@@).\n", in_url)
        ),
        placement(
            "restructuredtext",
            "docs/index.rst",
            ALL,
            Form("Setup\n=====\n\n.. code-block:: ini\n\n   $name = @@\n", led("   ")),
        ),
        placement("asciidoc", "docs/x.adoc", ONE_LINE, Form("== Setup\n\n----\n$name=@@\n----\n", raw)),
    ]


def _records() -> list[Placement]:
    source = _NOTEBOOK.format('"source": ["import os\\n", "$NAME = \\"@@\\"\\n"]')
    return [
        placement("notebook-source", "demo.ipynb", ALL, Form(source, lambda value: in_json(quoted(value)))),
        placement("notebook-output", "out.ipynb", ONE_LINE, Form(_NOTEBOOK.format(_OUTPUT), in_json)),
        placement(
            "diff-added",
            "fix.patch",
            ONE_LINE,
            Form('--- a/c.py\n+++ b/c.py\n import os\n+$NAME = "@@"\n x = 1\n', quoted),
        ),
        placement(
            "diff-removed",
            "drop.diff",
            ONE_LINE,
            Form('--- a/c.py\n+++ b/c.py\n import os\n-$NAME = "@@"\n x = 1\n', quoted),
        ),
        placement("diff-block", "key.patch", LINES, Form("--- /dev/null\n+++ b/key.pem\n+@@\n", led("+"))),
        placement("log-field", "app.log", WHOLE, Form("12:00:01 DEBUG login user=$user $name=@@ ok\n", raw, unfit=" ")),
        placement("log-bare", "trace.log", BARE, Form("12:00:01 DEBUG upstream answered @@\n12:00:02 INFO ok\n", raw)),
        placement(
            "http-bearer", "talk.http", WHOLE, Form(_HTTP.format("Authorization: Bearer @@"), raw, unfit=" äöüß")
        ),
        placement("http-basic", "basic.http", WHOLE, Form(_HTTP.format("Authorization: Basic @@"), after_user)),
        placement(
            "http-cookie",
            "cookie.http",
            WHOLE,
            Form(_HTTP.format("Cookie: theme=dark; session=@@"), raw, unfit=" ;,äöüß"),
        ),
        placement("http-key", "key.http", WHOLE, Form(_HTTP.format("X-Api-Key: @@"), raw, unfit=" äöüß")),
        placement("url-query", "calls.txt", WHOLE, Form("https://api.internal/v1?limit=5&$name=@@&page=2\n", in_url)),
        placement("url-percent", "calls.csv", WHOLE, Form("id,url\n1,https://api.internal/v1?$name=@@\n", percent)),
        placement("csv", "accounts.csv", WHOLE, Form("host,user,$name\ndb.internal,$user,@@\n", raw, unfit=',"')),
        placement("key-file", "deploy.pem", LINES, Form("@@\n", raw)),
        placement("plain-text", "mail.txt", BARE, Form("Hi,\n\nhere it is: @@\n\nBye\n", raw)),
    ]

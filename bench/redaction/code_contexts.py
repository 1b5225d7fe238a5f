"""Places in program code, by templates.

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
    field,
    hexadecimal,
    in_sql,
    in_xml,
    led,
    lines_joined,
    placement,
    quoted,
    raw,
    single,
    split,
    unicode,
    wrapped,
)

if TYPE_CHECKING:
    from samples import Placement

_DOCSTRING = 'def connect($name: str) -> None:\n    """Open a session.\n\n    >>> connect($name="@@")\n    """\n'
_BLOCK_DOCSTRING = 'def sign(text: str) -> bytes:\n    """Sign with the key\n\n    @@\n    """\n    return b""\n'
_CLASS = 'class Settings(BaseSettings):\n    host: str = "localhost"\n    $name: str = "@@"\n    debug: bool = False\n'
_JAVA = 'public final class Config {\n  private static final String $NAME = "@@";\n}\n'
_GO = 'package main\n\nfunc main() {\n\t$camel := "@@"\n\trun($camel)\n}\n'
_GO_FIELD = 'cfg := &Config{\n\tHost: "localhost",\n\t$camel: "@@",\n\tRetries: 3,\n}\n'
_RUST = 'const $NAME: &str = "@@";\n\nfn main() {\n    run($NAME);\n}\n'
_PYTHON = "import os\n\nDEBUG = False\n"


def placements() -> list[Placement]:
    """Python first, then other languages."""
    return [*_python(), *_python_in_pieces(), *_other_languages()]


def _python() -> list[Placement]:
    return [
        placement("python-assignment", "app/config.py", ALL, Form(_PYTHON + '$NAME = "@@"\nRETRIES = 3\n', quoted)),
        placement(
            "python-keyword",
            "app/client.py",
            ALL,
            Form('client = connect(host="localhost", $name="@@", timeout=30)\n', quoted),
        ),
        placement(
            "python-dictionary",
            "app/settings.py",
            ALL,
            Form('SETTINGS = {\n    "host": "h",\n    "$name": "@@",\n}\n', quoted),
        ),
        placement("python-formatted", "app/url.py", ONE_LINE, Form('$name = f"@@"\nprint(f"{$name}")\n', field)),
        placement("python-docstring", "app/session.py", ONE_LINE, Form(_DOCSTRING, raw, unfit='"\\')),
        placement("python-docstring-block", "app/sign.py", LINES, Form(_BLOCK_DOCSTRING, led("    "), unfit='"\\')),
        placement("python-comment", "app/old.py", ONE_LINE, Form('# $NAME = "@@"  (before the move)\nx = 1\n', quoted)),
        placement("python-comment-block", "app/old_key.py", LINES, Form("# @@\nx = 1\n", led("# "))),
        placement("python-bytes", "app/raw.py", ALL, Form('$NAME = b"@@"\n', quoted, ascii_only=True)),
        placement("python-triple-quoted", "app/text.py", ALL, Form('$NAME = """@@"""\n', raw, unfit='"\\')),
        placement(
            "python-environment-default",
            "app/env.py",
            ONE_LINE,
            Form('$NAME = os.environ.get("$NAME", "@@")\n', quoted),
        ),
        placement("python-class-field", "app/model.py", ONE_LINE, Form(_CLASS, quoted)),
        placement(
            "python-tuple", "app/http.py", WHOLE, Form('response = requests.get(url, auth=("$user", "@@"))\n', quoted)
        ),
        placement(
            "python-comparison", "app/login.py", WHOLE, Form('if request.form["$name"] == "@@":\n    allow()\n', quoted)
        ),
        placement("python-bare-call", "app/run.py", BARE, Form('run("@@", 3)\n', quoted)),
    ]


def _python_in_pieces() -> list[Placement]:
    return [
        placement(
            "python-adjacent-literals", "app/long.py", ONE_LINE, Form('$NAME = (\n    "@@"\n)\n', split('"\n    "'))
        ),
        placement("python-concatenation", "app/joined.py", ONE_LINE, Form('$NAME = "@@"\n', split('" + "'))),
        placement("python-continued-line", "app/continued.py", ONE_LINE, Form('$NAME = "@@"\n', split("\\\n"))),
        placement("python-hexadecimal-escapes", "app/escaped.py", ONE_LINE, Form('$NAME = "@@"\n', hexadecimal)),
        placement("python-base64", "app/wrapped.py", ALL, Form('$NAME = base64.b64decode("@@").decode()\n', wrapped)),
        placement("javascript-unicode-escapes", "web/escaped.js", ONE_LINE, Form("const $camel = '@@';\n", unicode)),
        placement(
            "javascript-concatenation",
            "web/joined.js",
            ONE_LINE,
            Form("const $camel = '@@';\n", split("' +\n  '", single)),
        ),
    ]


def _other_languages() -> list[Placement]:
    return [
        placement("go-variable", "main.go", ALL, Form(_GO, quoted)),
        placement("go-raw-string", "key.go", LINES, Form("const $camel = `@@`\n", raw)),
        placement("go-field", "config.go", ONE_LINE, Form(_GO_FIELD, quoted)),
        placement("javascript-constant", "web/index.js", ALL, Form("const $camel = '@@';\n", single)),
        placement("javascript-template", "web/url.js", ONE_LINE, Form("const $camel = `@@`;\n", raw, unfit="`$\\")),
        placement(
            "javascript-property",
            "web/config.ts",
            ONE_LINE,
            Form("export default {\n  host: 'h',\n  $camel: '@@',\n};\n", single),
        ),
        placement("java-constant", "src/Config.java", ALL, Form(_JAVA, quoted)),
        placement("java-added-lines", "src/Keys.java", LINES, Form(_JAVA, lines_joined)),
        placement("csharp", "Program.cs", ONE_LINE, Form('var $camel = "@@";\n', quoted)),
        placement("ruby-symbol", "config/app.rb", ONE_LINE, Form("configure do\n  set :$name, '@@'\nend\n", single)),
        placement("php-define", "config.php", ONE_LINE, Form("<?php\ndefine('$NAME', '@@');\n", single)),
        placement("php-array", "settings.php", ONE_LINE, Form("<?php\nreturn [\n  '$name' => '@@',\n];\n", single)),
        placement("rust-constant", "src/main.rs", ONE_LINE, Form(_RUST, quoted)),
        placement("kotlin", "App.kt", ONE_LINE, Form('private const val $NAME = "@@"\n', quoted, unfit="$")),
        placement("c-define", "config.h", ONE_LINE, Form('#define $NAME "@@"\n', quoted)),
        placement("powershell", "deploy.ps1", ONE_LINE, Form("$$$camel = '@@'\nInvoke-Deploy\n", in_sql)),
        placement(
            "sql-insert",
            "seed.sql",
            ONE_LINE,
            Form("INSERT INTO settings (name, value) VALUES ('$name', '@@');\n", in_sql),
        ),
        placement("sql-user", "users.sql", WHOLE, Form("CREATE USER app WITH PASSWORD '@@' CREATEDB;\n", in_sql)),
        placement("html-input", "login.html", WHOLE, Form('<input type="password" name="$name" value="@@">\n', in_xml)),
        placement("html-attribute", "index.html", ONE_LINE, Form('<div id="app" data-$kebab="@@"></div>\n', in_xml)),
    ]

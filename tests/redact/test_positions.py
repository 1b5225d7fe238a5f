"""Values in a credential position: every place that gives one a value, every look of one, and what stays.

Values are put together here so that none stands in a file.
"""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.redact.positions import find_positions, find_random
from fieldguide.redact.positions.names import Sureness, classify
from fieldguide.redact.rules import load_rules
from fieldguide.redact.subject import Subject
from fieldguide.redact.values import Need, is_value
from growth import assert_linear_in

RANDOM = random.Random(20)  # noqa: S311 (values of a test, the same in every run)
OPAQUE = "".join(RANDOM.choices(string.ascii_letters + string.digits, k=32)) + "7"
WORD = "hunter" + "2zebra"
PLAIN = "let" + "mein"
NOISE = "qx" + "zvkwpj"


def _found(text: str, path: str = "a.py") -> list[str]:
    secrets = find_positions(Subject(path, text), load_rules())
    return ["".join(text[start:end] for start, end in secret.pieces) for secret in secrets]


ASSIGNED = {
    "a.py": [
        'password = "{}"', "db_password: str = '{}'", 'connect(passwd="{}")', '{{"password": "{}"}}', 'd["pwd"] = "{}"',
        'client_secret = b"{}"', 'password = config.password or "{}"', 'if password == "{}": pass',
        'PASSWORD = (\n    "{}"\n)',
        'password = SecretStr("{}")', 'os.environ.get("DB_PASSWORD", "{}")', 'os.environ["PASSWORD"] = "{}"',
        'set_password("{}")',
        'auth = HTTPBasicAuth("user", "{}")', 'get(url, auth=("user", "{}"))',
        'os.environ.setdefault("PASSWORD", "{}")',
    ],
    "a.js": [
        "const dbPassword = '{}';", "password: '{}',", "const secret = `{}`;", 'process.env.PASSWORD || "{}"',
        'x.setPassword("{}")',
        "if (password === '{}') {{", "localStorage.setItem('password', '{}')",
    ],
    "A.java": [
        'String password = "{}";', 'private static final String PASSWORD = "{}";',
        'System.setProperty("trustStorePassword", "{}");',
        'DriverManager.getConnection(url, "user", "{}");', 'new UsernamePasswordCredentials("user", "{}")',
        '.withPassword("{}")',
        'char[] password = "{}".toCharArray();', 'System.getenv().getOrDefault("PASSWORD", "{}")',
    ],
    "a.go": ['password := "{}"', 'const password string = "{}"', 'Password: "{}",', 'os.Setenv("PASSWORD", "{}")'],
    "a.c": ['#define DB_PASSWORD "{}"', 'const char *password = "{}";', 'char password[] = "{}";',
    'char password[32] = "{}";'],
    "a.cs": ['var password = @"{}";', 'public string Password {{ get; set; }} = "x"; Password = "{}";',
    'new NetworkCredential("u", "{}")'],
    "a.rb": [":password => '{}'", "password: '{}'", "ENV['PASSWORD'] || '{}'", "ENV.fetch('DB_PASSWORD', '{}')"],
    "a.php": ["define('DB_PASSWORD', '{}');", "'password' => '{}',", "$password = '{}';", "putenv('PASSWORD', '{}')"],
    "a.rs": ['let password: &str = "{}";', 'password: Some("{}".to_string()),', 'let password = String::from("{}");'],
    "a.sql": ["CREATE USER app IDENTIFIED BY '{}';", "ALTER ROLE app WITH PASSWORD '{}';",
    "SET PASSWORD FOR 'a'@'b' = '{}';"],
    "a.tf": ['password = "{}"', 'variable "db_password" {{\n  default = "{}"\n}}'],
    "a.xml": [
        "<password>{}</password>", '<bean password="{}"/>', '<add key="DbPassword" value="{}"/>',
        '<entry key="password">{}</entry>',
        '<property name="password" value="{}"/>', "<key>password</key>\n<string>{}</string>",
        "<ns:password type='x'>{}</ns:password>",
    ],
    "a.json": ['"password": "{}"', '{{"name": "DB_PASSWORD", "value": "{}"}}', '"x": "{{\\"password\\": \\"{}\\"}}"'],
    "a.yml": [
        "password: {}", "password: '{}'  # of the database", "password: |\n  {}\n", "- name: DB_PASSWORD\n  value: {}",
        "  - DB_PASSWORD={}",
        "run: docker run -e MYSQL_PASSWORD={} mysql", "# password: {}",
    ],
    "a.ini": ["password = {}", "; password = {}", "spring.datasource.password={}"],
    "a.properties": ["spring.datasource.password={}"],
    "Dockerfile": ["ENV DB_PASSWORD={}", "ENV DB_PASSWORD {}", "ARG PASSWORD={}", "RUN curl --password {} x"],
    "Makefile": ["PASSWORD := {}", "DB_PASSWORD ?= {}"],
    "a.sh": [
        "export DB_PASSWORD={}", "PGPASSWORD={} psql", "mysqldump --password={} x", "tool --password {} x",
        "sshpass -p {} ssh host",
        "docker login -u me -p {} host", "redis-cli -h host -a {} ping", "echo {} | docker login --password-stdin",
        "keytool -storepass {} -x",
        "openssl rsa -passin pass:{}1 -in x", "java -Dpassword={} x", 'echo "me:{}" | chpasswd',
        "ldapsearch -D x -w {} -b y",
    ],
    ".env": ["DB_PASSWORD={}", "DB_PASSWORD='{}'"],
    "a.ps1": ["$p = ConvertTo-SecureString '{}' -AsPlainText", "$env:DB_PASSWORD = '{}'"],
}  # fmt: skip
SHAPES = [(path, shape) for path, shapes in ASSIGNED.items() for shape in shapes]


@pytest.mark.parametrize(("path", "shape"), SHAPES)
@pytest.mark.parametrize("value", [WORD, PLAIN, NOISE, OPAQUE], ids=["mixed", "plain", "noise", "opaque"])
def test_what_a_telling_name_is_given_is_found_and_nothing_around_it(path: str, shape: str, value: str) -> None:
    text = shape.format(value) + "\n"
    expected = value + "1" if "{}1" in shape else value
    assert expected in _found(text, path)
    assert all(found == expected for found in _found(text, path))


TOLD = [
    "The password is {}.", "password: {}", "**Password**: {}", "- Password: `{}`", "Log in with password `{}`.",
    "user/password: admin / {}",
    "Credentials: admin:{}", "| User | Password |\n| --- | --- |\n| admin | {} |\n", "| Password | {} |\n| Host | x |",
    "Passwort: {}", "contraseña: {}", "пароль: {}", "密码: {}", "(password={}&user=x)", "DB_PASSWORD={}",
    "+password = {}",
    "token=x;Password={};x", "my_password: {}",
]  # fmt: skip


@pytest.mark.parametrize("shape", TOLD)
@pytest.mark.parametrize("value", [WORD, NOISE], ids=["mixed", "noise"])
def test_what_prose_tells_is_found(shape: str, value: str) -> None:
    assert value in _found(shape.format(value), "README.md")


@pytest.mark.parametrize(
    "shape",
    ["# password: {}", "x = 1  # the password is {}", '"""\nThe password is {}.\n"""', 'x = "u=a;password={};"'],
)
def test_what_a_comment_or_a_string_of_code_tells_is_found(shape: str) -> None:
    assert _found(shape.format(WORD), "a.py") == [WORD]


HARMLESS = [
    ("a.py", 'token_type = "bearer"'), ("a.py", f'password_field = "{WORD}"'),
    ("a.py", 'csrf_token_name = "csrf9token1"'),
    ("a.py", 'SECRET_KEY_HEADER = "X-Api-Key"'), ("a.py", 'key = "name"'), ("a.py", "password: str"),
    ("a.py", "password = getpass()"),
    ("a.py", 'password = getpass("Password: ")'), ("a.py", 'password = os.environ["DB_PASSWORD"]'),
    ("a.py", 'get_password("system")'),
    ("a.py", 'names = ["user", "password", "first_name2"]'), ("a.py", 'password = password.encode("utf-8")'),
    ("a.py", 'pad_token = "[PAD]"'),
    ("a.py", 'page_token = "abcdef0123456789"'), ("a.py", 'public_key = "abcdef0123456789abcdef0123456789"'),
    ("a.py", "x.password = user.password2"),
    ("a.py", '    """Set it.\n\n    :param str password: The password of the user.\n    """'),
    ("a.py", 'login("google", "callback")'),
    ("a.js", "password: 'Password'"), ("a.js", '"password": "Passwort vergessen?"'),
    ("a.js", "type = show ? 'text' : 'password'"),
    ("a.js", 'password: "required|min:8"'), ("a.js", "const password = req.body.password;"),
    ("de.json", '"password": "Neues Kennwort"'),
    ("hi.json", '"password": "नया पासवर्ड"'), ("a.yml", "password: ${DB_PASSWORD}"),
    ("a.yml", "password: {{ vault_password }}"),
    ("a.yml", "password:\n  type: string"), ("a.yml", "- name: DB_PASSWORD\n  valueFrom:\n    x: y"),
    ("a.sh", 'PASSWORD="$1"'),
    ("a.sh", "read -s PASSWORD"), ("a.sh", "tool --password $PASSWORD"), ("a.sh", "tool --password <password>"),
    ("a.md", "| Password | string |"),
    ("a.md", "The password is required."), ("a.md", "| Name | Password |\n| --- | --- |\n| x | The password |\n"),
    ("a.md", "Use a password of your own."),
    ("a.java", "private String password;"), ("a.ts", "export interface A { password: string; secret?: string }"),
    ("a.py", f"badge.svg?token={OPAQUE[:10]}"), ("a.json", '"pbkdf2-password": "1.2.1"'),
    ("a.py", 'fields = ("password1", "password2")'),
    ("a.c", '#define SSL_TXT_kPSK "kPSK"'), ("a.py", 'secret_key = "-----BEGIN PUBLIC KEY-----"'),
    ("a.json", '"AWS::IAM::AccessKey": "bf29289b78d371e3"'),
    ("a.py", 'raise ValueError("identified by \'name\' only")'),
    ("a.md", "arn:aws:secretsmanager:us-west-2:123456789012:secret:My-a1b2c3"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text"), HARMLESS)
def test_stand_ins_labels_types_lookups_and_lists_of_names_stay(path: str, text: str) -> None:
    assert _found(text, path) == []


def test_every_value_of_a_manifest_of_secrets_is_found_and_of_no_other() -> None:
    entries = "data:\n  a: {0}\n  b: '{0}'\n  c: |\n    {0}\n    {0}\nstringData:\n  d: {0}\ntype: Opaque\n"
    secret = "apiVersion: v1\nkind: Secret\n" + entries.format(PLAIN)
    other = "apiVersion: v1\nkind: ConfigMap\n" + entries.format("plain")
    assert _found(secret, "a.yaml") == [PLAIN] * 5
    assert _found(other + "---\n" + secret, "a.yaml") == [PLAIN] * 5


@pytest.mark.parametrize(
    ("name", "sureness", "kind"),
    [
        ("password", Sureness.CERTAIN, "password"),
        ("DB_PASSWORD_2", Sureness.CERTAIN, "password"),
        ("smtpPass", Sureness.CERTAIN, "password"),
        ("passwordProd", Sureness.CERTAIN, "password"),
        ("app.client-secret", Sureness.CERTAIN, "secret"),
        ("AWS_SECRET_ACCESS_KEY", Sureness.CERTAIN, "secret-key"),
        ("GITHUB_TOKEN", Sureness.LIKELY, "token"),
        ("openaiApiKey", Sureness.LIKELY, "api-key"),
        ("key", Sureness.VAGUE, "secret-key"),
    ],
)
def test_a_name_says_at_its_end_what_it_is(name: str, sureness: Sureness, kind: str) -> None:
    assert classify(name) == (sureness, kind)


@pytest.mark.parametrize(
    "name",
    ["password_field", "forgot_password", "bypass", "monkey", "tokenizer", "hasPassword", "primary_key", "passport"],
)
def test_a_name_that_only_sounds_like_it_is_none(name: str) -> None:
    assert classify(name) is None


@given(st.text(alphabet=string.ascii_letters + string.digits + "-_!@^&+=", min_size=12, max_size=60))
def test_what_more_is_asked_of_a_look_the_fewer_values_have_it(value: str) -> None:
    """Whatever has a stronger look is found where nothing is asked of it, but for labels with few digits."""
    rules = load_rules()
    if is_value(value, rules, Need.STRONG):
        assert is_value(value, rules, Need.RANDOM)
    if is_value(value, rules, Need.RANDOM):
        assert is_value(value, rules, Need.ANY)


def test_random_letters_are_found_without_a_name_but_not_digests() -> None:
    text = f'x = "{OPAQUE}"\nsha256 = "{OPAQUE}"\n'
    found = [text[secret.start : secret.end] for secret in find_random(Subject("a.py", text), load_rules())]
    assert found == [OPAQUE]
    assert text.index(OPAQUE) == next(iter(find_random(Subject("a.py", text), load_rules()))).start
    assert list(find_random(Subject("poetry.lock", text), load_rules())) == []


HOSTILE = {
    "names": "password = " * 4000,
    "quoted names": '"token",' * 3000,
    "calls": 'login("a",' * 4000,
    "opened": "auth=(" * 5000,
    "headers": "authorization: bearer " * 2000,
    "tables": "|password|\n|---|\n|a|\n" * 600,
    "tools": "mysql -p " * 4000,
    "sentences": "password is " * 4000,
    "one name": "password_" * 5000,
    "manifests": "kind: Secret\ndata:\n" * 3000,
    "elements": "<password " * 3000,
    "quotes": '"' * 200_000 + "password = 'x1'",
    "words": 'password = "' + "abc" * 1300 + '1"\n' + ('password="' + "A_B." * 900 + '#"\n') * 10,
    "brackets": "password" + "[" * 100_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("path", ["a.py", "a.sh"])
def test_time_grows_as_the_text(path: str, text: str) -> None:
    assert_linear_in(text, lambda part: _found(part, path))

"""Paths: links, devices, odd names, denials and credentials, each left out with its reason and none followed."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

from fieldguide.domain.report import Event, Note
from fieldguide.domain.source import OtherFile, Role, Skipped, SkipReason, SourceFile
from fieldguide.errors import UsageError
from fieldguide.scan import read_text, scan


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory outside of any repository."""
    monkeypatch.setenv("HOME", str(tmp_path))
    directory = tmp_path / "root"
    directory.mkdir()
    return directory


def _write(root: Path, *paths: str, content: str = "x = 1\n") -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content)


Globs = tuple[str, ...]


def _skipped(root: Path, include: Globs = (), exclude: Globs = ()) -> dict[str, SkipReason]:
    found = scan(root, include=include, exclude=exclude)
    return {item.path: item.reason for item in found if isinstance(item, Skipped)}


def _read(root: Path, include: Globs = (), exclude: Globs = ()) -> list[str]:
    return [item.path for item in scan(root, include=include, exclude=exclude) if isinstance(item, SourceFile)]


def test_links_are_never_followed(root: Path, tmp_path: Path) -> None:
    _write(tmp_path, "secret.py", "outside/secret.py")
    _write(root, "a.py")
    (root / "inside.py").symlink_to("a.py")
    (root / "outside.py").symlink_to(tmp_path / "secret.py")
    (root / "outside").symlink_to(tmp_path / "outside")
    (root / "loop.py").symlink_to("loop.py")
    (root / "up").symlink_to("..")
    (root / "dangling.py").symlink_to("nothing.py")
    (root / "prefix.py").symlink_to(tmp_path / "root-not" / "x.py")
    assert _read(root) == ["a.py"]
    assert _skipped(root) == {
        "dangling.py": SkipReason.UNREADABLE,
        "inside.py": SkipReason.LINK_INSIDE,
        "loop.py": SkipReason.LINK_LOOP,
        "outside": SkipReason.LINK_OUTSIDE,
        "outside.py": SkipReason.LINK_OUTSIDE,
        "prefix.py": SkipReason.LINK_OUTSIDE,
        "up": SkipReason.LINK_OUTSIDE,
    }


def test_a_directory_that_became_a_link_leads_nowhere(root: Path, tmp_path: Path) -> None:
    """The scan saw a directory; a link to somewhere else stands there when the file is read."""
    _write(root, "package/module.py")
    _write(tmp_path, "elsewhere/module.py")
    source = next(item for item in scan(root) if isinstance(item, SourceFile))
    (root / "package" / "module.py").unlink()
    (root / "package").rmdir()
    (root / "package").symlink_to(tmp_path / "elsewhere")
    assert read_text(root, source) == Skipped("package/module.py", SkipReason.LINK_OUTSIDE)


def test_special_files_are_not_opened(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(root / "pipe.py")
    with socket.socket(socket.AF_UNIX) as listener:
        monkeypatch.chdir(root)  # a socket's path may not be long
        listener.bind("socket.py")
    assert _skipped(root) == {"pipe.py": SkipReason.SPECIAL, "socket.py": SkipReason.SPECIAL}


def test_files_that_cannot_be_documented_say_why(root: Path) -> None:
    (root / "binary.py").write_bytes(b"a\0b")
    (root / "huge.py").write_bytes(b"#" * 2000)
    (root / os.fsdecode(b"odd\xff.py")).write_bytes(b"")
    found = {item.path: item for item in scan(root, max_bytes=1000)}
    assert found["binary.py"] == Skipped("binary.py", SkipReason.BINARY)
    assert found["huge.py"] == Skipped("huge.py", SkipReason.TOO_LARGE, "2,000 bytes; the limit is 1,000")
    assert found["odd\\xff.py"] == Skipped("odd\\xff.py", SkipReason.ENCODING, "its name is not UTF-8")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_files_and_directories_say_why(root: Path) -> None:
    _write(root, "a.py", "b/c.py")
    (root / "a.py").chmod(0)
    (root / "b").chmod(0)
    try:
        assert _skipped(root) == {"a.py": SkipReason.UNREADABLE, "b": SkipReason.UNREADABLE}
    finally:
        (root / "b").chmod(0o700)


def test_a_directory_that_git_cannot_open_is_named(root: Path) -> None:
    """Also for root: the kernel refuses a path above 4,096 bytes, which git tries and the walk does not."""
    _deep_file(root)
    _write(root, "z.py")
    subprocess.run(["git", "init", "--quiet", str(root)], check=True)
    assert _read(root) == ["z.py"]
    (skipped,) = _skipped(root).items()
    assert skipped[0].startswith("d" * 250 + "/")
    assert skipped[1] is SkipReason.UNREADABLE


def test_a_path_too_long_to_open_is_read_by_the_walk(root: Path) -> None:
    _deep_file(root)
    _write(root, "z.py")
    paths = _read(root)
    assert paths[-1] == "z.py"
    assert paths[0].endswith("/deep.py")


def _deep_file(root: Path) -> None:
    here = os.open(root, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 250, dir_fd=here)
        inner = os.open("d" * 250, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(os.open("deep.py", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)


def test_a_file_that_vanishes_or_changes_after_the_scan_is_skipped(root: Path) -> None:
    _write(root, "a.py", "b.py")
    gone, changed = (item for item in scan(root) if isinstance(item, SourceFile))
    (root / "a.py").unlink()
    _write(root, "b.py", content="y = 2\n")
    assert read_text(root, gone) == Skipped("a.py", SkipReason.VANISHED)
    assert read_text(root, changed) == Skipped("b.py", SkipReason.VANISHED, "it changed while it was read")


def test_a_file_that_vanishes_during_the_scan_is_skipped(root: Path) -> None:
    _write(root, "a.py", "b.py")
    found = scan(root)
    assert isinstance(next(found), SourceFile)
    (root / "b.py").unlink()
    assert list(found) == [Skipped("b.py", SkipReason.VANISHED)]


DENIED = {
    "environment/lib/site.py": "environment",
    "node_modules/x/setup.py": "node_modules",
    "package/__pycache__/a.py": "package/__pycache__",
    "package/_vendor/six.py": "package/_vendor",
    "package.egg-info/a.py": "package.egg-info",
    "build/lib/package/a.py": "build",
    ".tox/py/a.py": ".tox",
}


def test_denied_directories_are_named_once(root: Path) -> None:
    _write(
        root,
        *DENIED,
        "environment/pyvenv.cfg",
        "node_modules/y/a.py",
        "package/build/__init__.py",
        "package/build/a.py",
    )
    assert _skipped(root) == dict.fromkeys(DENIED.values(), SkipReason.DENIED)
    assert _read(root) == ["package/build/__init__.py", "package/build/a.py"]


@pytest.mark.parametrize(("path", "directory"), DENIED.items())
def test_naming_a_denied_path_opens_it_and_a_wide_glob_does_not(root: Path, path: str, directory: str) -> None:
    _write(root, *DENIED, "environment/pyvenv.cfg")
    assert path not in _read(root, include=("*.py", "**"))
    assert _read(root, include=(f"{directory}/**/*.py",)) == [path]


def test_a_vendor_that_sells_is_an_application(root: Path) -> None:
    _write(root, "shop/vendor/__init__.py", "shop/vendor/models.py", "lib/vendor/six.py")
    assert _read(root) == ["shop/vendor/__init__.py", "shop/vendor/models.py"]
    assert _skipped(root) == {"lib/vendor": SkipReason.DENIED}


SECRET = [
    *(".env", ".env.production", ".env.local.bak", ".env~", ".envrc", "deploy.env", "env.local", ".netrc", "_netrc"),
    *(".pypirc", ".npmrc", ".pgpass", ".htpasswd", ".git-credentials", ".my.cnf", ".vault-token", ".bash_history"),
    *("server.pem", "server.key.bak", "example.key", "id_rsa", "id_ed25519", "deploy_rsa", "store.p12", "vault.kdbx"),
    *("secrets.toml", ".secrets.toml", "credentials.json", "credentials", "client_secret_1.json", "passwords.csv"),
    *("my-service-account.json", "kubeconfig", "staging.kubeconfig", "terraform.tfvars", "prod.auto.tfvars.json"),
    *(
        "terraform.tfstate",
        "terraform.tfstate.1700000000.backup",
        "cookies.txt",
        "wallet.dat",
        "logins.json",
        "wg0.conf",
    ),
]
HARMLESS = [
    *(".env.example", ".env.sample", "env.template", "example.env", "secrets.py", "id_rsa.pub", "kubeconfig.py"),
    *("cookiejar.py", "vault_password.py", "credentials.py", "keys.md", "history.md", "credentials.example.toml"),
    *("environment.toml", "appsettings.json", "gradle.properties", "pip.conf", "settings.xml", "passwords.md"),
]
KEPT = {".ssh": ".ssh/config.py", ".aws": ".aws/notes.md", ".config/gcloud": ".config/gcloud/a/b.toml"}
"""Directories in which tools keep keys, and a file in each."""


def test_no_wildcard_opens_a_credential_file(root: Path) -> None:
    _write(root, *SECRET, *HARMLESS, *KEPT.values())
    skipped = _skipped(root, include=("**", ".env*", ".ssh/**", "*.pem", "id_*"))
    assert skipped == dict.fromkeys([*SECRET, *KEPT], SkipReason.CREDENTIALS)
    assert sorted(_read(root, include=("**",))) == sorted(HARMLESS)


def _told(root: Path, *include: str, exclude: Globs = ()) -> tuple[list[str], list[str]]:
    """Paths that are read, and the warnings."""
    events: list[Event] = []
    found = list(scan(root, include=include, exclude=exclude, observer=events.append))
    warned = [event.message for event in events if isinstance(event, Note) and event.warning]
    return [item.path for item in found if isinstance(item, SourceFile)], warned


@pytest.mark.parametrize(
    "path", [".env", "conf/.env.production", "id_rsa", ".ssh/config.py", ".config/gcloud/a/b.toml"]
)
def test_a_credential_file_named_by_its_whole_path_is_read_with_a_warning(root: Path, path: str) -> None:
    _write(root, path, "conf/.env", *KEPT.values(), "deep/id_rsa")
    warning = f"`{path}` is read because `--include` names it: every value in it is hidden"
    for name in (path, f"/{path}", f"./{path}"):
        assert _told(root, name) == ([path], [warning])
    assert _told(root, path, exclude=("*",)) == ([], [])
    assert _told(root, f"{path}*") == ([], [])


@pytest.mark.parametrize("git", [True, False])
def test_a_file_that_git_ignores_is_read_when_its_whole_path_is_named(root: Path, *, git: bool) -> None:
    _write(root, "a.py", "local.py", "data/b.py", "data/c.py", "data/.env")
    _write(root, ".gitignore", content="local.py\ndata/\n.env\n")
    if git:
        subprocess.run(["git", "init", "--quiet", str(root)], check=True)
    assert _told(root) == (["a.py"], [])
    assert _told(root, "*.py", "data/**", "data/", "data", "**") == ([".gitignore", "a.py"], [])
    why = "is read because `--include` names it"
    ignored = f"`data/b.py` {why}, although git ignores it"
    assert _told(root, "data/b.py") == (["a.py", "data/b.py"], [ignored])
    assert _told(root, "local.py")[0] == ["a.py", "local.py"]
    hidden = f"`data/.env` {why}: every value in it is hidden"
    assert _told(root, "data/.env") == (["a.py", "data/.env"], [hidden])


def test_what_the_directory_itself_names_opens_neither_credentials_nor_what_git_ignores(root: Path) -> None:
    _write(root, "a.py", "local.py", ".env", ".ssh/config.py", "notes.txt")
    _write(root, ".gitignore", content="local.py\n")
    found = scan(root, include=(".env", "local.py", ".ssh/config.py", "notes.txt"), trusted=False)
    assert [item.path for item in found if isinstance(item, SourceFile)] == ["a.py", "notes.txt"]


def test_naming_follows_no_link(root: Path, tmp_path: Path) -> None:
    _write(tmp_path, "elsewhere/.env", "elsewhere/b.py")
    _write(root, ".gitignore", content="data\n")
    (root / ".env").symlink_to(tmp_path / "elsewhere" / ".env")
    (root / "data").symlink_to(tmp_path / "elsewhere")
    assert _told(root, ".env", "data/b.py", "data/.env", "../elsewhere/.env", str(tmp_path / "elsewhere/.env")) == (
        [],
        [],
    )


def test_other_files_are_listed_until_an_option_names_them(root: Path) -> None:
    _write(root, "a.py", "web/app.js", "web/app.min.js", "uv.lock", "pylock.toml", "notes.txt")
    others = [item.path for item in scan(root) if isinstance(item, OtherFile)]
    assert others == ["notes.txt", "pylock.toml", "uv.lock", "web/app.js", "web/app.min.js"]
    assert _read(root, include=("*.js", "*.txt", "!notes.txt")) == ["a.py", "web/app.js"]
    assert _read(root, include=("web", "uv.lock")) == ["a.py", "uv.lock", "web/app.js"]
    assert _read(root, include=("*.min.js",)) == ["a.py", "web/app.min.js"]


def test_exclude_wins_and_names_a_directory_once(root: Path) -> None:
    _write(root, "a.py", "tests/a.py", "tests/b.py", "tool.py")
    exclude = ("tests/", "/tool.py")
    assert _read(root, ("**",), exclude) == ["a.py"]
    assert _skipped(root, ("**",), exclude) == {"tests": SkipReason.EXCLUDED, "tool.py": SkipReason.EXCLUDED}


ROLES = {
    "setup.py": Role.MANIFEST,
    "pyproject.toml": Role.MANIFEST,
    "requirements/dev.txt": Role.MANIFEST,
    "requirements-test.txt": Role.MANIFEST,
    "LICENSE": Role.MANIFEST,
    "LICENCE.md": Role.MANIFEST,
    "COPYING.LESSER": Role.MANIFEST,
    "LICENSES/MIT.txt": Role.MANIFEST,
    "libs/one/setup.cfg": Role.MANIFEST,
    "docs/Makefile": Role.MANIFEST,
    "tasks.py": Role.MANIFEST,
    "tests/data/setup.py": Role.TEST,
    "src/package/test_a.py": Role.TEST,
    "src/package/tests/a.py": Role.TEST,
    "test/a.py": Role.TEST,
    "docs/conf.py": Role.DOCUMENTATION,
    "README.md": Role.DOCUMENTATION,
    "examples/a.py": Role.EXAMPLE,
    "src/package/license.py": Role.SOURCE,
    "src/package/setup.py": Role.SOURCE,
    "src/package/test/client.py": Role.SOURCE,
    "src/package/examples/a.py": Role.SOURCE,
    "src/package/docs/a.py": Role.SOURCE,
}


def test_roles_are_told_from_paths_and_packages(root: Path) -> None:
    _write(root, *ROLES)
    for inner in ("", "test", "tests", "examples", "docs"):
        _write(root, str(Path("src", "package", inner, "__init__.py")))
    roles = {item.path: item.role for item in scan(root) if isinstance(item, SourceFile)}
    assert {path: roles[path] for path in ROLES} == ROLES


def test_a_missing_directory_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no directory that can be read"):
        next(scan(tmp_path / "nothing"))
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError):
        next(scan(tmp_path / "file"))


def test_order_is_that_of_the_paths_bytes_with_and_without_git(root: Path) -> None:
    paths = ["a.py", "a/b.py", "a-b.py", "b/a/z.py", "b/a.py", "É.py", "z.py"]
    _write(root, *paths)
    assert _read(root) == sorted(paths, key=str.encode)

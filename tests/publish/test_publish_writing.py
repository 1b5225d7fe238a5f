"""Writing: the file on disk is the old page or the new one, whole, where and as its owner wants it."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from drafting import publish

from fieldguide.domain.markers import STAGED_SUFFIX
from fieldguide.domain.page import ExistingPage
from fieldguide.errors import PublishError
from fieldguide.publish import Written, read_page, write_page
from waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

OLD, NEW = "old\n" * 20_000, "new\n" * 30_000


@pytest.fixture
def page(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    return root / "README.md"


def _write(page: Path, text: str = NEW, *, keep_old: bool = False) -> Written:
    return write_page(page, text, keep_old=keep_old, root=page.parent)


def _refused(page: Path, *, root: Path | None = None) -> PublishError:
    """Publish where that must fail, and hold the message to its form."""
    with pytest.raises(PublishError) as caught:
        write_page(page, NEW, keep_old=False, root=root or page.parent)
    assert caught.value.fact[0] == "`" or caught.value.fact[0].islower()
    assert caught.value.hint
    return caught.value


def _names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_a_page_is_written_and_read_back(page: Path) -> None:
    assert read_page(page) is None
    assert _write(page) == Written(changed=True, kept=None)
    assert read_page(page) == ExistingPage(NEW, ())
    assert _names(page.parent) == ["README.md"]


def test_what_is_there_already_is_not_written(page: Path) -> None:
    _write(page)
    os.utime(page, ns=(1, 1))
    inode = page.stat().st_ino
    assert _write(page, keep_old=True) == Written(changed=False, kept=None)
    assert (page.stat().st_ino, page.stat().st_mtime_ns) == (inode, 1)
    assert _names(page.parent) == ["README.md"]


def test_bytes_that_are_no_text_come_back_as_they_were(page: Path) -> None:
    every = bytes(range(256)) + b"\r\n\n\r"
    page.write_bytes(every)
    existing = read_page(page)
    assert existing is not None
    _write(page, existing.text + "end")
    assert page.read_bytes() == every + b"end"


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755])
def test_the_mode_of_the_old_file_stays(page: Path, mode: int) -> None:
    page.write_text(OLD)
    page.chmod(mode)
    _write(page)
    assert stat.S_IMODE(page.stat().st_mode) == mode


def test_a_new_file_has_the_mode_that_the_umask_gives(page: Path) -> None:
    other = page.with_name("other")
    other.touch()
    _write(page)
    assert page.stat().st_mode == other.stat().st_mode


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_a_page_that_root_writes_stays_its_owners(page: Path) -> None:
    page.write_text(OLD)
    os.chown(page, 12345, 54321)
    _write(page)
    assert (page.stat().st_uid, page.stat().st_gid) == (12345, 54321)


def test_earlier_pages_are_kept_beside_it_and_never_overwritten(page: Path) -> None:
    page.write_text("0")
    for number, name in enumerate(["README.md.bak", "README.md.bak1", "README.md.bak2"]):
        assert _write(page, str(number + 1), keep_old=True) == Written(changed=True, kept=page.with_name(name))
    page.with_name("README.md.bak3").mkdir()
    page.with_name("README.md.bak4").symlink_to("nowhere")
    assert _write(page, "last", keep_old=True).kept == page.with_name("README.md.bak5")
    kept = [page.with_name(f"README.md.bak{number}").read_text() for number in ("", "1", "2", "5")]
    assert kept == ["0", "1", "2", "3"]
    assert page.read_text() == "last"


def test_there_is_nothing_to_keep_of_a_page_that_was_not_there(page: Path) -> None:
    assert _write(page, keep_old=True) == Written(changed=True, kept=None)


def test_a_link_inside_the_project_is_written_through(page: Path) -> None:
    target = page.parent / "docs" / "index.md"
    target.parent.mkdir()
    target.write_text(OLD)
    page.symlink_to("docs/index.md")
    written = _write(page, keep_old=True)
    assert page.is_symlink()
    assert target.read_text() == NEW
    assert written.kept == target.with_name("index.md.bak")
    assert _names(page.parent) == ["README.md", "docs"]


def test_a_link_to_nothing_yet_inside_the_project_is_written_through(page: Path) -> None:
    page.symlink_to("index.md")
    assert read_page(page, root=page.parent) is None
    _write(page)
    assert page.is_symlink()
    assert page.with_name("index.md").read_text() == NEW


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_out_of_the_project_is_neither_read_nor_written(page: Path, tmp_path: Path, *, exists: bool) -> None:
    outside = tmp_path / "outside.md"
    if exists:
        outside.write_text(OLD)
    page.symlink_to("../outside.md")
    assert "leads out of" in _refused(page).fact
    with pytest.raises(PublishError, match="leads out of"):
        read_page(page, root=page.parent)
    assert outside.exists() == exists
    assert not exists or outside.read_text() == OLD


def test_a_directory_that_is_a_link_out_of_the_project_is_not_written_to(page: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (page.parent / "docs").symlink_to(tmp_path / "outside")
    assert "leads out of" in _refused(page.parent / "docs" / "README.md", root=page.parent).fact
    assert _names(tmp_path / "outside") == []


def test_a_link_out_of_the_project_is_noticed_however_the_project_is_named(page: Path, tmp_path: Path) -> None:
    page.symlink_to("../outside.md")
    alias = tmp_path / "alias"
    alias.symlink_to("project")
    for named, root in [(alias / "README.md", page.parent), (page, alias), (alias / "README.md", alias)]:
        assert "leads out of" in _refused(named, root=root).fact


def test_a_project_behind_a_link_is_a_project(page: Path, tmp_path: Path) -> None:
    alias = tmp_path / "alias"
    alias.symlink_to("project")
    assert write_page(alias / "README.md", NEW, keep_old=False, root=alias).changed
    assert page.read_text() == NEW


def test_an_output_elsewhere_is_the_users_choice(page: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "page.md").symlink_to("real.md")
    assert write_page(elsewhere / "page.md", NEW, keep_old=False, root=page.parent).changed
    assert (elsewhere / "real.md").read_text() == NEW


def test_a_link_into_gits_own_files_is_not_written_through(page: Path) -> None:
    (page.parent / ".git").mkdir()
    (page.parent / ".git" / "config").write_text(OLD)
    page.symlink_to(".git/config")
    assert "git's own" in _refused(page).fact
    assert (page.parent / ".git" / "config").read_text() == OLD


def test_a_circle_of_links_is_refused(page: Path) -> None:
    page.symlink_to("other.md")
    page.with_name("other.md").symlink_to("README.md")
    assert "too many levels of symbolic links" in _refused(page).fact
    with pytest.raises(PublishError, match="symbolic links"):
        read_page(page)


def test_a_directory_is_refused(page: Path) -> None:
    page.mkdir()
    assert "is a directory" in _refused(page).fact
    with pytest.raises(PublishError, match="is a directory"):
        read_page(page)


def test_a_pipe_and_a_device_are_refused_and_left(page: Path) -> None:
    os.mkfifo(page)
    assert "not a regular file" in _refused(page).fact
    with pytest.raises(PublishError, match="not a regular file"):
        read_page(page)
    assert stat.S_ISFIFO(page.stat().st_mode)
    _refused(Path("/dev/null"))
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_missing_directory_is_named_with_the_command_that_makes_it(page: Path) -> None:
    error = _refused(page.parent / "my docs" / "README.md", root=page.parent)
    assert "there is no directory" in error.fact
    assert error.hint == f"make it with: mkdir -p '{page.parent / 'my docs'}'"


def test_a_file_in_a_directorys_place_is_refused(page: Path) -> None:
    page.write_text(OLD)
    assert "not a directory" in _refused(page / "README.md", root=page.parent).fact


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc: a directory that not even root can write to")
def test_a_directory_that_nobody_can_write_to_is_refused() -> None:
    _refused(Path("/proc/self/README.md"))


@pytest.mark.parametrize("start", [b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff"])
def test_a_page_in_utf_16_is_not_mixed_with_utf_8(page: Path, start: bytes) -> None:
    page.write_bytes(start + "# a\n".encode("utf-16-le"))
    with pytest.raises(PublishError, match="is not in UTF-8"):
        read_page(page)


def _as_a_user(action: Callable[[], str]) -> str:
    """Return what `action` returns when it is not root who does it."""
    if os.geteuid() != 0:
        return action()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgid(65534)
        os.setuid(65534)
        os.write(writing, action().encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        said = stream.read().decode()
    assert os.waitpid(child, 0)[1] == 0
    return said


def _outcome(page: Path) -> str:
    try:
        return str(_write(page))
    except PublishError as error:
        return error.fact


def test_a_write_protected_page_and_directory_are_respected() -> None:
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        page = root / "README.md"
        page.write_text(OLD)
        page.chmod(0o444)
        root.chmod(0o777)
        assert _as_a_user(lambda: _outcome(page)).endswith("is write-protected")
        page.chmod(0o666)
        root.chmod(0o555)
        assert _as_a_user(lambda: _outcome(page)).endswith("permission denied")
        assert page.read_text() == OLD
        root.chmod(0o777)
        assert _as_a_user(lambda: _outcome(page)) == "Written(changed=True, kept=None)"


def test_words_that_a_person_writes_during_the_run_are_not_overwritten(page: Path) -> None:
    page.write_text(OLD)
    existing = read_page(page)
    page.write_text("A person's new words.\n")
    with pytest.raises(PublishError, match="was changed while"):
        write_page(page, NEW, keep_old=False, root=page.parent, expected=existing)
    with pytest.raises(PublishError, match="was changed while"):
        write_page(page, NEW, keep_old=False, root=page.parent, expected=None)
    assert page.read_text() == "A person's new words.\n"
    assert write_page(page, NEW, keep_old=False, root=page.parent, expected=read_page(page)).changed


def test_a_failure_leaves_no_staged_file_and_no_copy(page: Path) -> None:
    """A page that no file system takes: the file's size is limited, as by a quota or a full disk."""
    page.write_text(OLD)
    script = (
        "import resource, signal, sys; from pathlib import Path; from fieldguide.publish import write_page\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "page = Path(sys.argv[1])\n"
        "write_page(page, 'new\\n' * 30_000, keep_old=True, root=page.parent)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, page], capture_output=True, text=True, check=False)
    assert "PublishError" in done.stderr
    assert "file too large" in done.stderr
    assert page.read_text() == OLD
    assert _names(page.parent) == ["README.md"]


def test_what_a_killed_run_left_is_swept_by_a_later_one_but_not_by_one_at_the_same_time(page: Path) -> None:
    old, fresh = (page.with_name(f".README.md.{name}{STAGED_SUFFIX}") for name in ("00000000", "11111111"))
    other = page.with_name(f".CHANGES.md.22222222{STAGED_SUFFIX}")
    for path in (old, fresh, other):
        path.write_text("half")
    for path in (old, other):
        os.utime(path, (time.time() - 3600, time.time() - 3600))
    _write(page)
    assert _names(page.parent) == sorted([other.name, fresh.name, "README.md"])


def test_a_page_with_the_longest_name_that_there_is_can_be_written(page: Path) -> None:
    long = page.with_name("\u00e9" * 126 + ".md")
    _write(long)
    assert long.read_text() == NEW


KILLED_AT_EACH_LINE = """
import os, signal, sys
from pathlib import Path
from fieldguide.publish import write_page, writing

page, old, new = Path(sys.argv[1]), "old\\n" * 20_000, "new\\n" * 30_000
for fatal in range(1, 1000):
    page.write_text(old)
    child = os.fork()
    if child == 0:
        steps = 0
        def trace(frame, event, argument):
            global steps
            if frame.f_code.co_filename != writing.__file__:
                return None
            steps += 1
            if steps == fatal:
                os.kill(os.getpid(), signal.SIGKILL)
            return trace
        sys.settrace(trace)
        write_page(page, new, keep_old=sys.argv[2] == "keep", root=page.parent)
        sys.settrace(None)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    text = page.read_text()
    copies = [path for path in page.parent.iterdir() if ".bak" in path.name]
    kept = all(path.read_text() == old for path in copies)
    print(
        "old" if text == old else "new" if text == new else "torn",
        "kept" if copies and kept else "none" if kept else "torn",
    )
    for path in page.parent.iterdir():
        path.unlink()
    if status == 0:
        break
else:
    print("endless")
"""


@pytest.mark.parametrize("keep", ["keep", "leave"])
def test_killed_at_any_line_there_is_the_old_page_or_the_new(page: Path, keep: str) -> None:
    """A process is killed at the first line that it runs, one like it at the second, and so on to the end."""
    command = [sys.executable, "-c", KILLED_AT_EACH_LINE, page, keep]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    outcomes = [line.split() for line in done.stdout.splitlines()]
    pages = [page for page, _ in outcomes]
    assert len(outcomes) > 40
    assert "".join(pages) == "old" * pages.count("old") + "new" * pages.count("new")
    assert pages.count("old") > 20
    assert pages.count("new") > 5
    if keep == "keep":
        assert all(copy == "kept" for page, copy in outcomes if page == "new")
    assert {copy for _, copy in outcomes} <= ({"kept", "none"} if keep == "keep" else {"none"})


WRITES_FOREVER = """
import sys
from pathlib import Path
from fieldguide.publish import write_page

page = Path(sys.argv[1])
print("ready", flush=True)
while True:
    for text in ("new\\n" * 30_000, "old\\n" * 20_000):
        write_page(page, text, keep_old=False, root=page.parent)
"""


def test_killed_at_any_time_a_reader_finds_a_whole_page(page: Path) -> None:
    """Kills fall inside system calls too; meanwhile another process reads all the time."""
    page.write_text(OLD)
    seen: Counter[str] = Counter()
    whole = {OLD: "old", NEW: "new"}
    running = threading.Event()
    running.set()

    def read() -> None:
        while running.is_set():
            seen[whole.get(page.read_text(), "torn")] += 1

    reader = threading.Thread(target=read)
    reader.start()
    try:
        wait_until(lambda: seen["old"], "the reader reads")
        turn = 0
        while turn < 12 or not seen["new"]:
            with subprocess.Popen([sys.executable, "-c", WRITES_FOREVER, page], stdout=subprocess.PIPE) as writer:
                assert writer.stdout is not None
                writer.stdout.readline()
                time.sleep(0.004 * turn)
                turn += 1
                writer.send_signal(signal.SIGKILL)
            assert page.read_text() in whole
    finally:
        running.clear()
        reader.join()
    assert seen["torn"] == 0
    assert min(seen["old"], seen["new"]) > 0


def test_a_reader_of_git_sees_no_difference_after_a_second_run(page: Path) -> None:
    publish(page)
    git = ["git", "-C", page.parent, "-c", "user.name=a", "-c", "user.email=a@example.invalid"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "page"], check=True)
    publish(page)
    status = subprocess.run([*git, "status", "--porcelain"], check=True, capture_output=True, text=True)
    assert status.stdout == ""

"""The redaction report: its three forms, where it is written, and that it shows no value."""

from __future__ import annotations

import json
import random
import string
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

import pytest
from real_command import fieldguide

from fieldguide.domain.redacted import Redaction
from fieldguide.errors import ExitCode, PublishError
from fieldguide.terminal.redaction_report import (
    redactions_json,
    redactions_sarif,
    redactions_text,
    write_redaction_report,
)

if TYPE_CHECKING:
    from pathlib import Path

GENERATOR = random.Random(11)  # noqa: S311 (no secret is made with it)
RECORDS = (
    Redaction("src/b ü:#%.py", 20, 44, "private-key", "REDACTED_PRIVATE_KEY_00000002", "2" * 32),
    Redaction("src/a.py", 3, 3, "password", "REDACTED_PASSWORD_00000001", "1" * 32),
    Redaction("src/a.py", 9, 9, "password", "REDACTED_PASSWORD_00000001", "1" * 32),
    Redaction("src/a.py", 7, 7, "email-address", "REDACTED_EMAIL_ADDRESS_00000003", "3" * 32),
    Redaction("evil\x1b[2J\n.md", 1, 1, "token", "REDACTED_TOKEN_00000004", "4" * 32, reviewed=True),
)


def test_text_names_every_place_by_file_and_line_and_says_what_to_do() -> None:
    text = redactions_text(RECORDS)
    assert text.startswith("4 places hidden: 3 values in 2 files; 1 place reviewed and left readable\n")
    assert "src/a.py\n  line 3: password, REDACTED_PASSWORD_00000001, fingerprint " + "1" * 32 in text
    assert "  lines 20 to 44: private-key, REDACTED_PRIVATE_KEY_00000002" in text
    assert "  line 1: token, reviewed, readable, fingerprint " + "4" * 32 in text
    assert "\x1b" not in text
    assert "--reviewed FINGERPRINT" in text
    assert text.index("line 3:") < text.index("line 7:") < text.index("line 9:")
    assert redactions_text(()) == "Nothing was hidden: no secret was found.\n"


def test_json_holds_every_record_and_the_counts() -> None:
    report = json.loads(redactions_json((*RECORDS, RECORDS[0])))
    assert report["format"] == 1
    assert report["counts"] == {
        "places": 5,
        "values": 4,
        "files": 3,
        "reviewed": 1,
        "kinds": {"password": 2, "email-address": 1, "private-key": 1, "token": 1},
    }
    again = [
        Redaction(
            one["path"],
            one["first_line"],
            one["last_line"],
            one["kind"],
            one["placeholder"],
            one["fingerprint"],
            one["reviewed"],
        )
        for one in report["redactions"]
    ]
    assert again == sorted(RECORDS)
    assert json.loads(redactions_json(()))["redactions"] == []


LOG_KEYS = {"$schema", "version", "runs"}
RUN_KEYS = {"tool", "originalUriBaseIds", "columnKind", "results"}
RULE_KEYS = {"id", "name", "shortDescription", "help", "defaultConfiguration", "properties"}
RESULT_KEYS = {"ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"}


def test_sarif_keeps_what_the_standard_asks_for() -> None:
    """Required properties, their types, and cross references, of those sections of SARIF 2.1.0 that are used."""
    log = cast("dict[str, Any]", json.loads(redactions_sarif(RECORDS)))
    assert set(log) == LOG_KEYS
    assert log["version"] == "2.1.0"  # 3.13.2
    (run,) = log["runs"]
    assert set(run) == RUN_KEYS
    driver = run["tool"]["driver"]
    assert driver["name"] == "fieldguide"  # 3.19.8
    assert run["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}  # 3.14.17
    rules = driver["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)  # 3.19.23
    for rule in rules:
        assert set(rule) == RULE_KEYS
        assert rule["shortDescription"]["text"].endswith(".")  # 3.12.3
        assert rule["defaultConfiguration"]["level"] in {"none", "note", "warning", "error"}  # 3.50.3
    for result, record in zip(run["results"], sorted(RECORDS), strict=True):
        assert set(result) - {"suppressions"} == RESULT_KEYS
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == record.kind  # 3.27.6
        assert all(isinstance(value, str) for value in result["partialFingerprints"].values())  # 3.27.17
        place = result["locations"][0]["physicalLocation"]
        region = place["region"]
        assert (region["startLine"], region["endLine"]) == (record.first, record.last)  # 3.30.5
        assert 1 <= region["startLine"] <= region["endLine"]
        uri = place["artifactLocation"]["uri"]
        assert uri.isascii()
        assert not set(uri) & set(' :#%?"<>\\^`{|}') - {"%"}  # RFC 3986
        assert unquote(uri) == record.path
        assert place["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]  # 3.4.4
        assert ("suppressions" in result) is record.reviewed
    for suppressed in (one for one in run["results"] if "suppressions" in one):
        assert suppressed["suppressions"][0]["kind"] in {"inSource", "external"}  # 3.35.2
        assert suppressed["suppressions"][0]["status"] in {"accepted", "underReview", "rejected"}  # 3.35.3


def _password() -> str:
    return "".join(GENERATOR.choices(string.ascii_letters + string.digits, k=24))


@pytest.mark.parametrize(("command", "name"), [("document", "project/redactions.md"), ("plan", "redactions.JSON")])
def test_a_run_writes_the_report_and_shows_no_value(tmp_path: Path, name: str, command: str) -> None:
    project = tmp_path / "project"
    project.mkdir()
    password = _password()
    (project / "a.py").write_text(f'"""Words."""\n\nDB_PASSWORD = "{password}"\n')
    words = ["plan"] if command == "plan" else []
    text = ""
    for _ in range(2):  # the second run does not read its own report as evidence
        done = fieldguide(*words, "--redaction-report", name, "project", home=tmp_path)
        assert done.returncode == 0, done.stderr
        text = (tmp_path / name).read_text()
        assert "a.py" in text
        assert "password" in text
        assert password not in text + done.stdout + done.stderr
        assert str(tmp_path) not in text
    if name.endswith(".JSON"):
        (record,) = json.loads(text)["redactions"]
        assert (record["path"], record["first_line"]) == ("a.py", 3)
        reviewed = ("--reviewed", record["fingerprint"])
        done = fieldguide("plan", *reviewed, "--redaction-report", name, "project", home=tmp_path)
        assert "left readable what was reviewed: 1 place" in done.stdout
        assert "hid " not in done.stdout
        (record,) = json.loads((tmp_path / name).read_text())["redactions"]
        assert record["reviewed"]


def test_the_report_is_written_although_secrets_end_the_run(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    password = _password()
    (project / "a.py").write_text(f'DB_PASSWORD = "{password}"\n')
    done = fieldguide("--fail-on-secret", "--redaction-report=found.json", "project", home=tmp_path)
    assert done.returncode == ExitCode.FINDINGS, done.stderr
    assert not (project / "README.md").exists()
    assert len(json.loads((tmp_path / "found.json").read_text())["redactions"]) == 1
    assert password not in done.stdout + done.stderr


def test_a_report_follows_no_link_out_and_replaces_nothing_but_files(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    outside = tmp_path / "outside"
    outside.write_text("kept")
    (project / "report.json").symlink_to(outside)
    with pytest.raises(PublishError) as raised:
        write_redaction_report(project / "report.json", RECORDS, root=project)
    assert "--redaction-report" in raised.value.hint
    assert outside.read_text() == "kept"
    write_redaction_report(tmp_path / "report.json", RECORDS, root=project)
    write_redaction_report(tmp_path / "report.json", (), root=project)
    assert json.loads((tmp_path / "report.json").read_text())["redactions"] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["outside", "project", "report.json"]

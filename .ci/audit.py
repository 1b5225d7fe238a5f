"""Ask pip-audit for known vulnerabilities in the installed packages, and say plainly what came of it.

Comes in: pip-audit's own arguments, if any.
Goes out: exit code 0 when the database knows of nothing, or cannot be reached from here (and that is said); pip-audit's
code when it found something; 1 when it failed for another reason.
Must never: take "nobody answered" for "nothing was found" without saying so.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

_NOBODY_ANSWERED = ("ConnectionError", "ConnectTimeout", "ReadTimeout", "ServiceError", "NameResolutionError")


@dataclass(frozen=True)
class Verdict:
    """What to tell, and the exit code."""

    code: int
    message: str


def judge(code: int, report: str, complaint: str) -> Verdict:
    """Judge a run of pip-audit.

    Args:
        code: Its exit code.
        report: Its standard output, in its JSON format.
        complaint: Its standard error.
    """
    try:
        dependencies = json.loads(report)["dependencies"]
    except (ValueError, KeyError):
        if any(word in complaint for word in _NOBODY_ANSWERED):
            return Verdict(0, "audit: not done, the vulnerability database cannot be reached from here")
        return Verdict(code or 1, f"audit: failed\n{complaint.strip()}")
    audited = [one for one in dependencies if "skip_reason" not in one]
    vulnerable = [one for one in audited if one["vulns"]]
    if vulnerable:
        lines = (
            f"  {one['name']} {one['version']}: {vulnerability['id']}, mended in "
            f"{', '.join(vulnerability['fix_versions']) or 'no version yet'}"
            for one in vulnerable
            for vulnerability in one["vulns"]
        )
        return Verdict(code or 1, "\n".join(("audit: known vulnerabilities", *lines)))
    if not audited:
        return Verdict(0, "audit: not done, the vulnerability database has no answer for any package from here")
    skipped = len(dependencies) - len(audited)
    note = f"; {skipped} unknown to the database" if skipped else ""
    return Verdict(code, f"audit: no known vulnerability in {len(audited)} packages{note}")


def main() -> int:
    """Run pip-audit over the environment that this script runs in."""
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--local",
        "--skip-editable",
        "--progress-spinner=off",
        "--format=json",
    ]
    done = subprocess.run([*command, *sys.argv[1:]], capture_output=True, text=True, check=False)  # noqa: S603
    verdict = judge(done.returncode, done.stdout, done.stderr)
    print(verdict.message)  # noqa: T201
    return verdict.code


if __name__ == "__main__":
    sys.exit(main())

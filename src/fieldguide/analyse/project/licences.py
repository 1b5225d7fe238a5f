"""Tell a licence from its text, its classifier or the name that a manifest gives it.

Comes in: text. Goes out: an SPDX identifier (https://spdx.org/licenses), or nothing when in doubt.
Must never: choose between "only" and "or later", which a licence's own text does not say.
"""

from __future__ import annotations

import re

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

_VERSION_3 = "version 3, 29 june 2007"
_VERSION_2 = "version 2, june 1991"
_BSD_CONDITIONS = "redistributions of source code must retain the above copyright"
_PHRASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Apache-2.0", ("apache license", "version 2.0, january 2004")),
    ("AGPL-3.0", ("gnu affero general public license", "version 3, 19 november 2007")),
    ("LGPL-3.0", ("gnu lesser general public license", _VERSION_3)),
    ("LGPL-2.1", ("gnu lesser general public license", "version 2.1, february 1999")),
    ("LGPL-2.0", ("gnu library general public license", _VERSION_2)),
    ("GPL-3.0", ("gnu general public license", _VERSION_3)),
    ("GPL-2.0", ("gnu general public license", _VERSION_2)),
    ("MPL-2.0", ("mozilla public license version 2.0",)),
    ("MPL-2.0", ("mozilla public license, version 2.0", "covered software")),
    ("EPL-2.0", ("eclipse public license - v 2.0",)),
    ("EUPL-1.2", ("european union public licence v. 1.2",)),
    ("BSL-1.0", ("boost software license - version 1.0",)),
    ("Zlib", ("this software is provided 'as-is', without any express or implied", "altered source versions")),
    ("PSF-2.0", ("python software foundation license version 2",)),
    ("CC0-1.0", ("cc0 1.0 universal",)),
    ("CC-BY-SA-4.0", ("attribution-sharealike 4.0 international",)),
    ("CC-BY-NC-4.0", ("attribution-noncommercial 4.0 international",)),
    ("CC-BY-4.0", ("attribution 4.0 international",)),
    ("Unlicense", ("this is free and unencumbered software released into the public domain",)),
    ("WTFPL", ("do what the fuck you want to public license",)),
    ("BSD-4-Clause", (_BSD_CONDITIONS, "advertising materials mentioning features")),
    ("BSD-3-Clause", (_BSD_CONDITIONS, "nor the name")),
    ("BSD-3-Clause", (_BSD_CONDITIONS, "may not be used to endorse")),
    ("BSD-2-Clause", (_BSD_CONDITIONS, "redistributions in binary form must reproduce")),
    ("ISC", ("permission to use, copy, modify, and/or distribute this software", "above copyright notice and this")),
    ("ISC", ("permission to use, copy, modify, and distribute this software", "above copyright notice and this")),
    ("0BSD", ("permission to use, copy, modify, and/or distribute this software for any",)),
    ("MIT", ("permission is hereby granted, free of charge", "the above copyright notice and this permission")),
    ("MIT-0", ("permission is hereby granted, free of charge", "without restriction")),
)
"""Identifier and phrases that are all in its text, in lower case with single blanks; the narrower come first."""

_CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "ISC License (ISCL)": "ISC",
    "The Unlicense (Unlicense)": "Unlicense",
    "Zero-Clause BSD (0BSD)": "0BSD",
    "CC0 1.0 Universal (CC0 1.0) Public Domain Dedication": "CC0-1.0",
    "Boost Software License 1.0 (BSL-1.0)": "BSL-1.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "zlib/libpng License": "Zlib",
    "Eclipse Public License 2.0 (EPL-2.0)": "EPL-2.0",
    "European Union Public Licence 1.2 (EUPL 1.2)": "EUPL-1.2",
    "GNU Affero General Public License v3": "AGPL-3.0-only",
    "GNU Affero General Public License v3 or later (AGPLv3+)": "AGPL-3.0-or-later",
    "GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
    "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
    "GNU Lesser General Public License v2 (LGPLv2)": "LGPL-2.0-only",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.0-or-later",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
}
"""PyPI's trove classifiers that mean one SPDX identifier: "BSD License", for one, does not."""

_LONGEST = 200
_NAMES = {
    "apache 2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache license 2": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache license version 2.0": "Apache-2.0",
    "apache software license 2.0": "Apache-2.0",
    "mit license": "MIT",
    "the mit license": "MIT",
    "the mit license (mit)": "MIT",
    "isc license": "ISC",
    "3-clause bsd": "BSD-3-Clause",
    "bsd 3-clause": "BSD-3-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "new bsd license": "BSD-3-Clause",
    "new bsd": "BSD-3-Clause",
    "modified bsd license": "BSD-3-Clause",
    "bsd 2-clause": "BSD-2-Clause",
    "bsd 2-clause license": "BSD-2-Clause",
    "simplified bsd": "BSD-2-Clause",
    "mpl 2.0": "MPL-2.0",
    "mozilla public license 2.0": "MPL-2.0",
    "gplv2": "GPL-2.0",
    "gplv3": "GPL-3.0",
    "gpl v3": "GPL-3.0",
    "gplv3+": "GPL-3.0-or-later",
    "lgplv3": "LGPL-3.0",
    "lgplv3+": "LGPL-3.0-or-later",
    "agplv3": "AGPL-3.0",
    "agplv3+": "AGPL-3.0-or-later",
}


def recognise_licence(text: str) -> str:
    """Return the identifier of the licence whose words `text` holds; empty when it is none that is known."""
    words = " ".join(re.sub(r"[\s*#>\"“”]+", " ", text.lower()).split())
    head = words[:3000]
    for identifier, phrases in _PHRASES:
        # a licence names itself at its head; the GPLs and Apache are named by others further down
        place = head if identifier.startswith(("GPL", "LGPL", "AGPL", "Apache", "CC")) else words
        if all(phrase in place for phrase in phrases):
            return identifier
    return ""


def licence_of_classifiers(classifiers: tuple[str, ...]) -> str:
    """Return the identifier that classifiers mean; empty when there is none, or more than one."""
    found = {
        _CLASSIFIERS.get(classifier.rpartition(" :: ")[2], "")
        for classifier in classifiers
        if classifier.startswith("License :: ") and classifier != "License :: OSI Approved"
    }
    return found.pop() if len(found) == 1 else ""


def canonical_licence(declared: str) -> str:
    """Return a declared licence as an SPDX expression; as written when it is none."""
    known = _NAMES.get(" ".join(declared.lower().split()))
    if known or not declared or len(declared) > _LONGEST:
        return known or ""
    try:
        return canonicalize_license_expression(declared)
    except InvalidLicenseExpression:
        return declared

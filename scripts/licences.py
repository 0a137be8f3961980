"""Check that everything GluteWake needs at run time may be shipped with it: `dev.py check` runs this in .venv.

Development tools are left out; they are not shipped.
"""

import re
import sys
from importlib.metadata import Distribution, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# SPDX identifiers that GPL-3.0 can take in, as far as they occur.
COMPATIBLE = {
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "GPL-3.0-only",
    "GPL-3.0-or-later",
    "GPL-3.0-or-later WITH GCC-exception-3.1",  # OpenBLAS and libgfortran in the wheels of numpy and scipy
    "LGPL-2.1-or-later",
    "LGPL-3.0-only",
    "MIT",
    "PSF-2.0",
    "Zlib",
}
# Older ways of stating a licence, each read once by a person; of a whole text, its first line.
SPDX_OF_OLD_WORDS = {
    "BSD": "BSD-3-Clause",  # pyserial, whose LICENSE.txt has three clauses
    "BSD License": "BSD-3-Clause",  # jinja2, whose LICENSE.txt has three clauses
    "Copyright (c) 2001-2002 Enthought, Inc. 2003, SciPy Developers.": "BSD-3-Clause",
    "GPL v3": "GPL-3.0-only",
    "LGPL v3": "LGPL-3.0-only",
}


def stated_licence(package: Distribution) -> str:
    """Licence of a package as an SPDX expression, or its own words where they are unknown here."""
    metadata = package.metadata
    field = next((name for name in ("License-Expression", "License") if name in metadata), None)
    classifiers = [text for text in metadata.get_all("Classifier") or [] if text.startswith("License :: ")]
    if field is None and not classifiers:
        return "no licence stated"
    words = classifiers[0].rpartition(" :: ")[2] if field is None else metadata[field].splitlines()[0].strip()
    return SPDX_OF_OLD_WORDS.get(words, words)


def incompatible_terms(expression: str) -> list[str]:
    """Parts of an SPDX expression that are not known to be compatible; of alternatives, each must be."""
    terms = re.split(r"\s+(?:AND|OR)\s+", re.sub(r"[()]", " ", expression).strip())
    return sorted({term.strip() for term in terms} - COMPATIBLE)


def shipped_with(name: str) -> dict[str, str]:
    """Licence by name of every package that `name` needs at run time on this system, itself included."""
    found: dict[str, str] = {}
    waiting = [name]
    while waiting:
        package = distribution(waiting.pop())
        key = canonicalize_name(package.name)
        if key in found:
            continue
        found[key] = stated_licence(package)
        needs = [Requirement(text) for text in package.requires or []]
        waiting += [need.name for need in needs if need.marker is None or need.marker.evaluate({"extra": ""})]
    return found


def main() -> int:
    """Print each package with its licence; return 1 if any cannot go together with the GPL."""
    bad = 0
    for name, licence in sorted(shipped_with("glutewake").items()):
        terms = incompatible_terms(licence)
        bad += bool(terms)
        print(f"{name}: {licence}" + (f" -- not known to be GPL-compatible: {', '.join(terms)}" if terms else ""))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

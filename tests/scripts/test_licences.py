"""What is shipped may be shipped."""

import pytest

from scripts import licences


@pytest.mark.parametrize("expression", ["MIT", "BSD-3-Clause AND (0BSD OR Zlib)", "GPL-3.0-only"])
def test_compatible_licences_pass(expression: str) -> None:
    assert licences.incompatible_terms(expression) == []


@pytest.mark.parametrize(
    ("expression", "named"),
    [
        ("MIT AND GPL-2.0-only", ["GPL-2.0-only"]),
        ("Proprietary", ["Proprietary"]),
        ("no licence stated", ["no licence stated"]),
    ],
)
def test_any_other_licence_is_named(expression: str, named: list[str]) -> None:
    assert licences.incompatible_terms(expression) == named


def test_dependencies_of_dependencies_are_found_and_development_tools_are_not() -> None:
    shipped = licences.shipped_with("glutewake")
    assert {"glutewake", "numpy", "pyqt6", "pyqt6-qt6", "pyqt6-sip"} <= set(shipped)
    assert not {"pytest", "hypothesis", "codespell"} & set(shipped)

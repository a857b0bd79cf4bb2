"""Do today's bytes equal those that the browser's tests read? Made by `python -m tests.contract.make_golden`."""

import json

import pytest

from tests.contract.make_golden import CASES, FOLDER, described


@pytest.mark.parametrize("name", CASES)
def test_the_encoder_writes_the_golden_bytes(name):
    assert CASES[name]() == (FOLDER / f"{name}.bin").read_bytes(), "a new format: raise its version, make_golden again"


@pytest.mark.parametrize("name", CASES)
def test_the_decoder_reads_what_the_golden_text_says(name):
    expected = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert described((FOLDER / f"{name}.bin").read_bytes()) == expected


def test_there_is_no_golden_frame_without_its_case():
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(
        f"{name}.{kind}" for name in CASES for kind in ("bin", "json")
    )

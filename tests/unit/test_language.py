from __future__ import annotations

from collections.abc import Iterator

import pytest

import nnvis_widget as nv
from nnvis_widget.core.words.kept_text import anew, kept_text
from nnvis_widget.core.words.language import LANGUAGE, Language
from nnvis_widget.core.words.say import say


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    nv.set_language(None)


def test_the_plural_is_that_of_the_language() -> None:
    assert [say("layers", count=count) for count in (0, 1, 2, 1234)] == [
        "0 layers",
        "1 layer",
        "2 layers",
        "1,234 layers",
    ]
    nv.set_language("zh")
    assert [say("layers", count=count) for count in (1, 1234)] == ["1 层", "1,234 层"]


@pytest.mark.parametrize("language", ["fr", "", "ZH", 3, ("zh",)])
def test_a_language_that_does_not_exist_is_refused_with_those_that_do(language: object) -> None:
    with pytest.raises(nv.errors.CommandError, match=r"'en', 'zh', 'auto'.*got language=.*Choose one"):
        nv.set_language(language)  # type: ignore[arg-type]
    assert LANGUAGE.now == "en"


def test_what_stands_in_a_name_is_not_read_as_a_text() -> None:
    assert say("nameIs", name="{value}", value="{name}") == "{value}: {name}"


class Parrot:
    def __init__(self, language: Language) -> None:
        self.language = language
        self.said: list[str] = []
        language.follow(self)

    def speak(self) -> None:
        self.said.append(self.language.now)


def test_who_follows_speaks_anew_and_is_forgotten_with_its_last_name() -> None:
    language = Language()
    parrot = Parrot(language)
    language.choose("zh")
    language.choose(None)
    assert parrot.said == ["zh", "en"]
    said = parrot.said
    del parrot
    language.choose("zh")
    assert said == ["zh", "en"]


def test_the_first_page_that_asks_decides_until_somebody_chooses() -> None:
    language = Language()
    language.met_page("zh")
    language.met_page("en")
    assert language.now == "zh"
    language.choose("en")
    assert language.now == "en"
    language.choose(None)
    assert language.now == "zh"


def test_a_text_that_is_kept_is_said_anew_with_the_texts_in_it() -> None:
    text = kept_text(say, "nameIs", name=kept_text(say, "layers", count=2), value="dense")
    assert text == "2 layers: dense"
    nv.set_language("zh")
    assert anew(text) == say("nameIs", name="2 层", value="dense")
    assert (text, anew("as it is")) == ("2 layers: dense", "as it is")

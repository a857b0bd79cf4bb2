"""Does what the page sends reach the file that was asked for, whole or not at all, and nothing else?"""

import struct
import zlib

import pytest

from nnvis_widget.errors import CommandError, PictureError, PictureTimeoutError
from nnvis_widget.widgets import saving
from nnvis_widget.widgets.saving import PictureDesk

SVG = '<svg xmlns="http://www.w3.org/2000/svg"><text>é</text></svg>\n'.encode()


def png(color=(9, 8, 7)):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes([0, *color]))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


class Desk(PictureDesk):
    """A desk whose messages come to a list, with a page that shows the view."""

    def __init__(self, frame=b"frame"):
        self.sent = []
        super().__init__(lambda content, buffers: self.sent.append((content, buffers)), lambda: frame)
        self.page_came()


@pytest.fixture
def desk():
    return Desk()


@pytest.mark.parametrize(("name", "data"), [("a.png", png()), ("a.SVG", SVG)])
def test_the_bytes_of_the_page_are_the_bytes_of_the_file(desk, tmp_path, name, data):
    path = tmp_path / name
    picture = desk.ask(path, name[-3:].lower(), "dark", 3)
    content, buffers = desk.sent[-1]
    assert content == {
        "v": 1,
        "kind": "export",
        "id": content["id"],
        "format": name[-3:].lower(),
        "theme": "dark",
        "scale": 3.0,
    }
    assert buffers == [b"frame"]
    assert not picture.done
    desk.take(content["id"], [memoryview(data)])
    assert picture.wait(10) == path
    assert picture.done
    assert path.read_bytes() == data
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_file_that_is_there_is_replaced_whole(desk, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"old and much longer than the new one" * 100)
    picture = desk.ask(path, "png", None)
    desk.take(desk.sent[-1][0]["id"], [png()])
    picture.wait(10)
    assert path.read_bytes() == png()


def test_a_file_has_the_permissions_of_any_other(desk, tmp_path):
    (tmp_path / "other.txt").write_text("x")
    picture = desk.ask(tmp_path / "a.png", "png", None)
    desk.take(desk.sent[-1][0]["id"], [png()])
    assert picture.wait(10).stat().st_mode == (tmp_path / "other.txt").stat().st_mode


def test_without_a_frame_the_page_is_asked_for_what_it_shows(tmp_path):
    desk = Desk(frame=None)
    desk.ask(tmp_path / "a.png", "png", None)
    assert desk.sent[-1][1] == []


@pytest.mark.parametrize(
    ("asked", "data"),
    [
        ("png", SVG),
        ("png", png()[:-5]),
        ("png", b""),
        ("svg", png()),
        ("svg", SVG[:-8]),
        ("svg", b"<html><svg></svg>"),
        ("svg", b"<svg \xff></svg>"),
    ],
)
def test_bytes_that_are_no_such_picture_are_refused_and_write_nothing(desk, tmp_path, asked, data):
    picture = desk.ask(tmp_path / f"a.{asked}", asked, None)
    order = desk.sent[-1][0]["id"]
    with pytest.raises(CommandError, match="Expected a whole"):
        desk.take(order, [data])
    assert list(tmp_path.iterdir()) == []
    good = png() if asked == "png" else SVG
    desk.take(order, [good])
    assert picture.wait(10).read_bytes() == good


def test_too_many_bytes_or_buffers_are_refused(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(saving, "MAX_BYTES", len(png()) - 1)
    desk.ask(tmp_path / "a.png", "png", None)
    order = desk.sent[-1][0]["id"]
    with pytest.raises(CommandError, match="at most"):
        desk.take(order, [png()])
    for buffers in ([], [png(), png()]):
        with pytest.raises(CommandError, match="one buffer"):
            desk.take(order, buffers)
    assert list(tmp_path.iterdir()) == []


def test_a_number_is_good_once_and_only_if_it_was_given(desk, tmp_path):
    path = tmp_path / "a.png"
    picture = desk.ask(path, "png", None)
    order = desk.sent[-1][0]["id"]
    for unknown in (0, order + 1):
        with pytest.raises(CommandError, match="still waited for"):
            desk.take(unknown, [png()])
    desk.take(order, [png()])
    with pytest.raises(CommandError, match="still waited for"):
        desk.take(order, [png((1, 1, 1))])
    assert picture.wait(10).read_bytes() == png()
    with pytest.raises(CommandError):
        desk.refuse(order, "late")


def test_a_view_that_no_page_has_shown_says_what_to_do(tmp_path):
    desk = PictureDesk(lambda *_: None, lambda: b"frame")
    with pytest.raises(PictureError, match="Show the view first"):
        desk.ask(tmp_path / "a.png", "png", None)


@pytest.mark.parametrize(
    ("path", "picture_format", "theme", "scale", "reason"),
    [
        ("a.jpg", "png", None, 2, r"ends with \.png, got 'a\.jpg'"),
        ("a", "svg", None, 2, r"ends with \.svg"),
        ("a.png", "svg", None, 2, r"ends with \.svg"),
        ("missing/a.png", "png", None, 2, "existing folder"),
        ("folder.png", "png", None, 2, "path of a file"),
        ("a.png", "png", "blue", 2, "got theme='blue'"),
        ("a.png", "png", None, 9, "got scale=9"),
        ("a.png", "png", None, float("nan"), "got scale=nan"),
        ("a.png", "png", None, "2", "got scale='2'"),
    ],
)
def test_a_bad_argument_is_told_at_once(desk, tmp_path, monkeypatch, path, picture_format, theme, scale, reason):
    (tmp_path / "folder.png").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PictureError, match=reason):
        desk.ask(path, picture_format, theme, scale)
    assert desk.sent == []


def test_what_the_page_could_not_do_is_told_by_wait(desk, tmp_path):
    picture = desk.ask(tmp_path / "a.png", "png", None)
    desk.refuse(desk.sent[-1][0]["id"], "no canvas\u202e")
    with pytest.raises(PictureError, match=r"could not make a\.png: no canvas\\u202e"):
        picture.wait(10)
    assert not picture.done
    assert "failed" in repr(picture)


def test_a_page_that_is_silent_is_told_by_wait_and_may_answer_later(desk, tmp_path):
    picture = desk.ask(tmp_path / "a.png", "png", None)
    with pytest.raises(PictureTimeoutError, match="after the cell has ended"):
        picture.wait(0.01)
    with pytest.raises(TimeoutError):
        picture.wait(0.01)
    desk.take(desk.sent[-1][0]["id"], [png()])
    assert picture.wait(10).is_file()


def test_a_folder_that_has_gone_is_told_by_wait(desk, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    picture = desk.ask(folder / "a.png", "png", None)
    folder.rmdir()
    desk.take(desk.sent[-1][0]["id"], [png()])
    with pytest.raises(PictureError, match="could not be written"):
        picture.wait(10)


def test_a_page_that_comes_later_is_asked_for_what_is_open(desk, tmp_path):
    first = desk.ask(tmp_path / "a.png", "png", None)
    desk.ask(tmp_path / "b.svg", "svg", None)
    asked = list(desk.sent)
    desk.take(asked[0][0]["id"], [png()])
    first.wait(10)
    desk.sent.clear()
    desk.page_came()
    assert desk.sent == asked[1:]


def test_open_pictures_do_not_pile_up(desk, tmp_path):
    pictures = [desk.ask(tmp_path / "a.png", "png", None) for _ in range(saving.MAX_OPEN + 1)]
    with pytest.raises(PictureError, match="given up"):
        pictures[0].wait(10)
    assert pictures[1].error is None


def test_a_closed_view_lets_nobody_wait(desk, tmp_path):
    picture = desk.ask(tmp_path / "a.png", "png", None)
    desk.close()
    with pytest.raises(PictureError, match="closed"):
        picture.wait(10)

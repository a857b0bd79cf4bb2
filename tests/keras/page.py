"""A browser page that draws at once, and a poll for what happens on another thread."""

from time import monotonic, sleep

from nnvis_widget.stream.frame import decode_frame
from nnvis_widget.widgets.network_view import NetworkView

from ..limits import PATIENCE_S

POLL_S = 0.005


def told_layers(graph):
    """The layers of a graph as a page reads them: what they have in common stands once."""
    makes = graph.get("makes", ())
    blank = {"units": None, "parameters": [], "note": None}
    return [blank | (makes[layer["make"]] if "make" in layer else {}) | layer for layer in graph["layers"]]


class Frames(list):
    """What a page has been sent; the newest is waited for while there is none."""

    def __getitem__(self, place):
        if place == -1:
            until(lambda: len(self))
        return super().__getitem__(place)


class Page(NetworkView):
    """A view whose messages come to a list, and whose frames are acknowledged as a browser would."""

    def __init__(self, *args, is_drawing=True, **traits):
        self.contents = []
        self.frames = Frames()
        self.is_drawing = is_drawing
        self._ids = 0
        super().__init__(*args, **traits)
        self.ask("hello")

    def open(self):
        super().open()
        self.door = self.comm  # through which a page speaks also to a view that was closed meanwhile

    def send(self, content, buffers=None):
        self.contents.append(content)
        if content["kind"] == "frame":
            self.frames.append(decode_frame(buffers[0]))
            if self.is_drawing:
                self.tell("drawn", seq=content["seq"])

    def tell(self, op, buffers=(), **args):
        """Send an operation as the browser does; returns its number."""
        self._ids += 1
        request_id = self._ids
        deliver(self, {"v": 1, "id": request_id, "op": op, "args": args}, buffers)
        return request_id

    def ask(self, op, buffers=(), **args):
        """Send an operation and wait for the answer, which comes at once but in a flood."""
        request_id = self.tell(op, buffers, **args)
        answers = []

        def is_answered():
            answers.extend(c for c in self.contents if c["kind"] == "answer" and c["id"] == request_id)
            return answers

        until(is_answered)
        return answers[0]


class Comm:
    """What ipywidgets sends to the page."""

    kernel = True
    comm_id = "comm"

    def __init__(self):
        self.sent = []

    def send(self, data=None, buffers=None):
        self.sent.append(data)

    def on_msg(self, callback):
        pass

    def close(self, *_, **__):
        pass


def deliver(view, content, buffers=()):
    """A custom message from the browser, by the door ipywidgets uses."""
    data = {"method": "custom", "content": content}
    view.door.handle_msg({"content": {"data": data}, "buffers": list(buffers)})


def deliver_state(view, state):
    """Traits written by the browser, by the door ipywidgets uses."""
    data = {"method": "update", "state": state, "buffer_paths": []}
    view.door.handle_msg({"content": {"data": data}, "buffers": []})


def until(claim):
    """Wait until `claim()` holds; fail if it does not."""
    end_s = monotonic() + PATIENCE_S
    while not claim():
        assert monotonic() < end_s, f"not within {PATIENCE_S} s"
        sleep(POLL_S)

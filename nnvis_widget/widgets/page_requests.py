"""What the page asks for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from nnvis_widget.core.command import BY_NAME, read_command
from nnvis_widget.errors import CommandError, ModelError
from nnvis_widget.run.gaze import Gaze
from nnvis_widget.sources.source import Source
from nnvis_widget.stream.protocol import Request, answer_message, read_request
from nnvis_widget.stream.sender import Sender
from nnvis_widget.widgets.saving import PictureDesk

log = logging.getLogger("nnvis_widget")


class PageRequests:
    """Checks each request of a page, hands it on, and answers. Any thread may call it; nothing is waited for.

    Args:
        answer: Sends a message to the page.
        sender: Sends the frames.
        pictures: Awaits pictures that the page draws.
        follow: Says whether somebody sees the view.
        show_layers: Hears which layers are on the screen; raises `CommandError` for one that there is not.
        speak: Hears in which language a page speaks.
        suppose: Tries changes, a text of JSON each; raises `CommandError` for what cannot be tried.
        bring_what_if: Has the page get what changes are made with.
    """

    def __init__(
        self,
        answer: Callable[[dict[str, Any]], None],
        sender: Sender,
        pictures: PictureDesk,
        follow: Callable[[bool], None],
        show_layers: Callable[[Sequence[str]], None],
        speak: Callable[[str], None],
        suppose: Callable[[Sequence[str]], None],
        bring_what_if: Callable[[], None],
    ) -> None:
        self._answer = answer
        self._sender = sender
        self._pictures = pictures
        self._follow = follow
        self._show_layers = show_layers
        self._speak = speak
        self._suppose = suppose
        self._bring_what_if = bring_what_if

    def take(self, content: Any, buffers: Any, source: Source | None, gaze: Gaze) -> None:
        """Obey a message of the page, or answer what is wrong with it."""
        try:
            request = read_request(content)
        except CommandError as error:
            log.debug("page: no request: %s", error)
            request_id = content.get("id") if isinstance(content, dict) else None
            if isinstance(request_id, int):
                self._answer(answer_message(request_id, str(error)))
            return
        try:
            self._obey(request, buffers or [], source, gaze)
        except (CommandError, ModelError) as error:
            log.debug("page: %s refused: %s", request.op, error)
            self._answer(answer_message(request.id, str(error)))
        else:
            log.debug("page: %s", request.op)
            self._answer(answer_message(request.id))

    def _obey(self, request: Request, buffers: Sequence[Any], source: Source | None, gaze: Gaze) -> None:
        args = request.args
        match request.op:
            case "hello":
                self._follow(True)
                self._sender.hello()
            case "drawn":
                self._sender.drawn(args["seq"])
            case "set_visible":
                self._sender.set_visible(args["is_visible"])
                self._follow(args["is_visible"])
            case "watch":
                self._show_layers(args["layers"])
                self._sender.wake()
            case "speak":
                self._speak(args["language"])
            case "open_what_if":
                self._bring_what_if()
            case "suppose":
                self._suppose(args["changes"])
            case "seek":
                gaze.step = args["step"]
            case "seek_by" if source is not None:
                gaze.seek_by(source.run, args["count"])
            case "go_live":
                gaze.step = None
            case "attached":
                self._pictures.page_came()
            case "exported":
                self._pictures.take(args["export"], buffers)
            case "export_failed":
                self._pictures.refuse(args["export"], args["reason"])
            case op if source is not None and op in BY_NAME:
                if op not in source.status.commands:
                    raise CommandError(
                        f"Expected one of {', '.join(source.status.commands) or 'no command'} while it is "
                        f"{source.status.state}, got {op}."
                    )
                source.post(read_command(op, args))
            case op:
                raise CommandError(f"Expected a model in the view for {op}. Set one: view.model = model.")

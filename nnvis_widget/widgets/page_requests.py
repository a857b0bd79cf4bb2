"""What the page asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from nnvis_widget.core.command import BY_NAME, read_command
from nnvis_widget.errors import CommandError, ModelError
from nnvis_widget.run.playhead import Playhead
from nnvis_widget.sources.source import Source
from nnvis_widget.stream.protocol import Request, answer_message, read_request
from nnvis_widget.stream.sender import Sender
from nnvis_widget.widgets.saving import PictureDesk


class PageRequests:
    """Checks each request of a page, hands it on, and answers. Any thread may call it; nothing is waited for.

    Args:
        answer: Sends a message to the page.
        playhead: Where the view stands in time.
        sender: Sends the frames.
        pictures: Awaits pictures that the page draws.
        watch: Tells the source what the view shows; with `False` while nobody sees it.
    """

    def __init__(
        self,
        answer: Callable[[dict[str, Any]], None],
        playhead: Playhead,
        sender: Sender,
        pictures: PictureDesk,
        watch: Callable[[bool], None],
    ) -> None:
        self._answer = answer
        self._playhead = playhead
        self._sender = sender
        self._pictures = pictures
        self._watch = watch

    def take(self, content: Any, buffers: Any, source: Source | None) -> None:
        """Obey a message of the page, or answer what is wrong with it."""
        try:
            request = read_request(content)
        except CommandError as error:
            request_id = content.get("id") if isinstance(content, dict) else None
            if isinstance(request_id, int):
                self._answer(answer_message(request_id, str(error)))
            return
        try:
            self._obey(request, buffers or [], source)
        except (CommandError, ModelError) as error:
            self._answer(answer_message(request.id, str(error)))
        else:
            self._answer(answer_message(request.id))

    def _obey(self, request: Request, buffers: Sequence[Any], source: Source | None) -> None:
        args = request.args
        match request.op:
            case "hello":
                self._watch(True)
                self._sender.hello()
            case "drawn":
                self._sender.drawn(args["seq"])
            case "set_visible":
                self._sender.set_visible(args["is_visible"])
                self._watch(args["is_visible"])
            case "seek":
                self._playhead.seek(args["step"])
                self._sender.wake()
            case "seek_by" if source is not None:
                self._playhead.seek_by(source.run, args["count"])
                self._sender.wake()
            case "go_live":
                self._playhead.go_live()
                self._sender.wake()
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

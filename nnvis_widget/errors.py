"""The errors of nnvis_widget.

NnvisError
├── ModelError            the model cannot be shown or trained as it is (also a ValueError)
├── DataError             inputs, targets or weights do not fit the model (also a ValueError)
├── EmptyTensorError      a tensor without elements was to be described (also a ValueError)
├── TrainerStateError     a command that the trainer's present state does not allow (also a RuntimeError)
├── FrameError            bytes that are no frame of this protocol (also a ValueError)
├── CommandError          a command with an unknown name or a value out of range (also a ValueError)
├── PictureError          a picture of a view that could not be saved (also a RuntimeError)
│   └── PictureTimeoutError   the page has not answered yet (also a TimeoutError)
└── MissingExtraError     an optional library is not installed (also an ImportError)
"""

from __future__ import annotations


class NnvisError(Exception):
    """The root of every error that nnvis_widget raises on purpose."""


class ModelError(NnvisError, ValueError):
    """The model cannot be shown or trained as it is."""


class DataError(NnvisError, ValueError):
    """Inputs, targets or weights do not fit the model."""


class EmptyTensorError(NnvisError, ValueError):
    """A tensor without elements was to be described."""


class TrainerStateError(NnvisError, RuntimeError):
    """A command that the trainer's present state does not allow."""


class FrameError(NnvisError, ValueError):
    """Bytes that are no frame of this protocol."""


class CommandError(NnvisError, ValueError):
    """A command with an unknown name or a value out of range."""


class PictureError(NnvisError, RuntimeError):
    """A picture of a view that could not be saved."""


class PictureTimeoutError(PictureError, TimeoutError):
    """The page has not answered yet."""


class MissingExtraError(NnvisError, ImportError):
    """An optional library is not installed."""

    def __init__(self, library: str, extra: str, purpose: str) -> None:
        super().__init__(
            f'{purpose} needs {library}, which is not installed. Install it with: pip install "nnvis-widget[{extra}]"'
        )

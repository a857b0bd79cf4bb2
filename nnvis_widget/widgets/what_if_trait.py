"""What is tried on a network, as a view's trait."""

from __future__ import annotations

from typing import Any

import traitlets


class WhatIfTrait(traitlets.TraitType[Any, Any]):
    """The changes that a view's source is asked to try, a list of dicts: read there and written there.

    A page writes it by an operation, which is answered; all views of the source have the same.
    """

    def get(self, obj: Any, cls: Any = None) -> Any:
        """What was asked for last."""
        return obj._changes

    def set(self, obj: Any, value: Any) -> None:
        """Ask for something else.

        Raises:
            TraitError: If it is nothing that can be tried on the network.
        """
        try:
            obj._suppose(value)
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from None

"""The deck.gl chart of this product: compact on the wire and never a request to another host."""

import json
from typing import Any, cast

import pydeck as pdk

from cctv.errors import CctvError


class OfflineDeck(pdk.Deck):  # type: ignore[misc]  # pydeck ships no types
    """A deck whose base map is our own style and whose JSON has no white space.

    Parameters
    ----------
    layers : list
        Layers, lowest first.
    style_url : str
        Path of the style served by this app, ``/peta/gaya/light.json``.
    view : pydeck.ViewState
        Opening view.
    tooltip : dict, optional
        Tooltip of pickable layers.

    Raises
    ------
    CctvError
        If the style would be fetched from elsewhere.
    """

    def __init__(
        self, layers: list[pdk.Layer], style_url: str, view: pdk.ViewState, tooltip: dict[str, object] | None = None
    ) -> None:
        if not style_url.startswith("/") or style_url.startswith("//"):
            raise CctvError("foreign_map_style", f"style {style_url!r} is not a path of this app", {"style": style_url})
        super().__init__(
            layers=layers,
            map_provider=cast("Any", None),
            map_style=style_url,
            initial_view_state=view,
            tooltip=cast("Any", tooltip or False),
        )

    def to_json(self) -> str:
        """Write the deck without white space (pydeck indents: 3.4 times the bytes).

        Returns
        -------
        str
            The JSON that the browser gets.
        """
        return json.dumps(json.loads(super().to_json()), separators=(",", ":"))

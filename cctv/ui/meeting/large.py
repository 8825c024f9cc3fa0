"""Numbers as large as a projector needs, each with what it means."""

from collections.abc import Sequence
from html import escape

import streamlit as st


def large(entries: Sequence[tuple[str, str, str]]) -> None:
    """Write numbers side by side.

    Parameters
    ----------
    entries : sequence of (str, str, str)
        Value, name and meaning of each.
    """
    boxes = "".join(
        f"<div><b>{escape(value)}</b><span>{escape(label)}</span><small>{escape(meaning)}</small></div>"
        for value, label, meaning in entries
    )
    st.html(f'<div class="large-numbers">{boxes}</div>')

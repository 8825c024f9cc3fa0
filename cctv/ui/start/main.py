"""The main script that Streamlit runs on every visit: sign-in check, page list, chosen page.

It stands apart from ``pages/`` because Streamlit would otherwise open a file of that folder directly, without the frame
around it, when the first visit after a start goes straight to ``/celah``.
"""

from cctv.ui.shell import run

run()

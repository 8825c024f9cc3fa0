"""The main script that Streamlit runs on every visit: sign-in check, page list, chosen page."""

from cctv.ui.shell import run

run()

"""Peta: every camera of the city on the map, and the panel of the one that was clicked."""

from cctv.permissions import Permission
from cctv.ui import session
from cctv.ui.overview import overview_screen

session.require(Permission.SEE_MAP)
overview_screen()

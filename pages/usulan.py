"""Usulan titik: which new camera points see the most for the money."""

from cctv.permissions import Permission
from cctv.ui import session
from cctv.ui.planning import planning_screen

planning_screen(session.require(Permission.PLAN))

"""Kamera: the register as table, form and map, with the history of who changed what."""

from cctv.permissions import Permission
from cctv.ui import session
from cctv.ui.register import register_screen

register_screen(session.require(Permission.SEE_REGISTER))

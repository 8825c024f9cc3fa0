"""Kamera: the register as table, form and map, with the history of who changed what."""

from cctv.permissions import Permission
from cctv.ui import session
from cctv.ui.register import register_screen
from cctv.ui.register_links import register_links

account = session.require(Permission.SEE_REGISTER)
register_links()
register_screen(account)

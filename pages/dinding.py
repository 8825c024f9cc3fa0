"""Dinding: up to sixteen live pictures side by side, turned by keyboard or by themselves."""

from cctv.permissions import Permission
from cctv.ui import session
from cctv.ui.wall import wall_screen

wall_screen(session.require(Permission.SEE_PICTURES))

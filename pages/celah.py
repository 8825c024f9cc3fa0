"""Celah: how much of the public space is watched, and where nobody is watching."""

from cctv.permissions import Permission
from cctv.ui import session
from cctv.ui.gaps import gaps_screen

session.require(Permission.SEE_GAPS)
gaps_screen()

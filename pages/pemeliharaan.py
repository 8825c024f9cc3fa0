"""Pemeliharaan: faults that are open, whose work they are, until when, what they cost, and the proof of the repair."""

from cctv.permissions import Permission
from cctv.ui import session
from cctv.ui.maintenance_page import maintenance_screen

maintenance_screen(session.require(Permission.SEE_REGISTER))

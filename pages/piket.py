"""Awal piket: what changed since the last shift, looked at one by one."""

from cctv.permissions import Permission
from cctv.ui import session
from cctv.ui.shift import shift_screen

shift_screen(session.require(Permission.KEEP_WATCH))

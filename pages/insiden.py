"""Insiden: which cameras truly see a place, their pictures, the ways out, and the record of what happened."""

from cctv.permissions import Permission
from cctv.ui import session
from cctv.ui.incidents import incident_screen

incident_screen(session.require(Permission.HANDLE_INCIDENTS))

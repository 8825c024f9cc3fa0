"""Kesehatan: which cameras answer, how reliably, and where the register says something else."""

from cctv.permissions import Permission
from cctv.ui import session
from cctv.ui.health import health_screen

health_screen(session.require(Permission.SEE_REGISTER))

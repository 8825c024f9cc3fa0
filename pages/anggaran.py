"""Anggaran: kept plans with decisions and budget workbook, price list, ceilings."""

from cctv.permissions import Permission
from cctv.ui import session
from cctv.ui.budget import budget_screen

budget_screen(session.require(Permission.PLAN))

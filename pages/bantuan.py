"""Bantuan: what each number means, where the data come from and how old they are."""

from cctv.permissions import Permission
from cctv.ui import session
from cctv.ui.help import help_screen

session.require(Permission.SEE_MAP)
help_screen()

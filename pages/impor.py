"""Impor: a camera list of an agency, from the file to the register, and the way back."""

from cctv.permissions import Permission
from cctv.ui import session
from cctv.ui.importing import import_screen

import_screen(session.require(Permission.EDIT_REGISTER))

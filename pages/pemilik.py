"""Pemilik: private owners that are invited to join their cameras, their letters, and what they sent themselves."""

from cctv.permissions import Permission
from cctv.ui import session
from cctv.ui.owners_screen import owners_screen

owners_screen(session.require(Permission.SEE_OWNERS))

"""Celah: how much of the public space is watched, and where nobody is watching."""

from cctv.permissions import Permission
from cctv.ui import session
from cctv.ui.gaps import gaps_screen
from cctv.ui.history_chart import history_chart
from cctv.ui.privacy_section import privacy_section
from cctv.ui.report_links import report_links
from cctv.ui.view_section import verified_caption
from cctv.ui.waiting import current_situation
from cctv.ui.weights_section import weights_section

account = session.require(Permission.SEE_GAPS)
report_links()
gaps_screen()
found = current_situation()
verified_caption(found)
weights_section(account, found)
privacy_section(found)
history_chart(found)

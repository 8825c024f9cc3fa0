"""Many people edit the same few cameras at once: none of their edits is lost, no reader is told what never was."""

from benchmarks.editing import together


def test_no_edit_is_lost_and_no_answer_is_wrong(registry):
    tally = together(registry, edits=64, editors=8, readers=2)
    assert tally.saved == 64
    assert (tally.lost, tally.wrong) == (0, 0)
    assert tally.reads > 0

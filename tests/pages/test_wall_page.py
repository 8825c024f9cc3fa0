"""The wall: chosen cameras stand in their order, pages turn, a saved wall comes back to the role that saved it."""

from cctv.permissions import Role
from cctv.registry.walls import WallLayout, delete_layout, list_layouts, save_layout

CHOSEN = ["K-0001", "K-0002", "K-0003", "K-0005", "K-0006"]


def _names(app):
    return [caption.value for caption in app.caption]


def test_pages_turn_and_a_wall_is_saved(screen, runtime):
    app = screen("dinding", Role.OPERATOR)
    app.multiselect[0].set_value(CHOSEN).run()
    assert len(_names(app)) == 4
    assert any("Halaman 1 dari 2" in text.value for text in app.markdown)
    next(button for button in app.button if button.label == "Berikutnya").click().run()
    assert len(_names(app)) == 1
    assert any("Halaman 2 dari 2" in text.value for text in app.markdown)
    app.text_input[0].set_value("Pagi")
    next(button for button in app.button if button.label == "Simpan").click().run()
    assert not app.exception
    assert list_layouts(runtime.registry, Role.OPERATOR) == [WallLayout("Pagi", 4, tuple(CHOSEN))]
    delete_layout(runtime.registry, "operator", Role.OPERATOR, "Pagi")


def test_a_saved_wall_opens_and_other_roles_do_not_see_it(screen, runtime):
    save_layout(runtime.registry, "operator", Role.OPERATOR, WallLayout("Malam", 1, ("K-0002", "K-0001", "K-tiada")))
    app = screen("dinding", Role.OPERATOR)
    app.selectbox[0].set_value("Malam").run()
    assert app.multiselect[0].value == ["K-0002", "K-0001"]
    assert len(_names(app)) == 1
    assert screen("dinding", Role.ADMIN).selectbox[0].options == []
    delete_layout(runtime.registry, "operator", Role.OPERATOR, "Malam")


def test_an_empty_name_is_refused_in_words(screen, runtime):
    app = screen("dinding", Role.OPERATOR)
    app.multiselect[0].set_value(CHOSEN[:1]).run()
    next(button for button in app.button if button.label == "Simpan").click().run()
    assert not app.exception
    assert app.error
    assert list_layouts(runtime.registry, Role.OPERATOR) == []

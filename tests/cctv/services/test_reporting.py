"""Who may take which report, and that taking it is logged with name and purpose."""

import pytest

from cctv.errors import AccessError, CctvError, NotFoundError
from cctv.permissions import Role, allows
from cctv.registry.access_log import recent_access
from cctv.services import reporting


@pytest.mark.parametrize("role", list(Role))
def test_only_the_allowed_roles_get_a_report_and_each_taking_is_logged(city_runtime, account_of, role):
    account = account_of(city_runtime, role)
    for form in ("xlsx", "geojson"):
        before = len(recent_access(city_runtime.registry))
        if allows(role, reporting.FORMS[form].needs):
            file = reporting.coverage_file(city_runtime, account, form, "rapat  pimpinan")
            assert len(file.body) > 1000
            newest = recent_access(city_runtime.registry)[0]
            assert (newest.username, newest.action, newest.detail) == (
                account.username,
                "unduh_cakupan",
                "rapat pimpinan",
            )
            assert newest.target.startswith(f"{form} ")
        else:
            with pytest.raises(AccessError):
                reporting.coverage_file(city_runtime, account, form, "rapat")
            assert len(recent_access(city_runtime.registry)) == before


def test_operators_take_nothing_and_field_staff_no_map_layers():
    assert not any(allows(Role.OPERATOR, form.needs) for form in reporting.FORMS.values())
    assert not allows(Role.EDITOR, reporting.FORMS["gpkg"].needs)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201])
def test_without_a_purpose_nothing_is_handed_out(city_runtime, account_of, reason):
    before = recent_access(city_runtime.registry)
    with pytest.raises(CctvError) as caught:
        reporting.coverage_file(city_runtime, account_of(city_runtime, Role.PLANNER), "a4", reason)
    assert caught.value.code == "report_reason"
    assert recent_access(city_runtime.registry) == before


def test_an_unknown_form_is_not_found(city_runtime, account_of):
    with pytest.raises(NotFoundError):
        reporting.coverage_file(city_runtime, account_of(city_runtime, Role.ADMIN), "docx", "rapat")


def test_the_sheet_of_the_real_city_has_every_kelurahan(city_runtime, account_of):
    import pypdfium2

    file = reporting.coverage_file(city_runtime, account_of(city_runtime, Role.VIEWER), "a3", "rapat")
    second = pypdfium2.PdfDocument(file.body)[1].get_textpage().get_text_bounded()
    for name in city_runtime.city.kelurahan["kelurahan"]:
        assert name in second

"""Every address that this app answers itself; all others belong to the screens."""

from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from cctv.settings import ROOT
from cctv.web import alerts, health, letters, login, maps, photos, pictures, reports, self_registration, setup


def build_routes() -> list[BaseRoute]:
    """List our own routes.

    Returns
    -------
    list of BaseRoute
        Sign-in, health, first set-up, open files, pictures, map content, reports. All but sign-in, health,
        set-up and the form of one owner need a session.
    """
    return [
        Route("/masuk", login.show_sign_in, methods=["GET"]),
        Route("/masuk", login.take_sign_in, methods=["POST"]),
        Route("/keluar", login.show_sign_out, methods=["GET"]),
        Route("/keluar", login.take_sign_out, methods=["POST"]),
        Route("/sehat", health.show_health, methods=["GET"]),
        Route("/siapkan", setup.show_setup, methods=["GET"]),
        Route("/siapkan", setup.take_setup, methods=["POST"]),
        Route("/daftar/{token}", self_registration.show_form, methods=["GET"]),
        Route("/daftar/{token}", self_registration.take_form, methods=["POST"]),
        Route("/foto-pendaftaran/{registration_id}/{place:int}.jpg", photos.show_registration_photo, methods=["GET"]),
        Mount("/app/static", StaticFiles(directory=ROOT / "static")),
        Route("/gambar/{camera_id}.jpg", pictures.show_picture, methods=["GET"]),
        Route("/gambar/{camera_id}.mjpg", pictures.show_moving, methods=["GET"]),
        Route("/gambar/{camera_id}/siaga", pictures.point_at, methods=["GET"]),
        Route("/peta", maps.show_start, methods=["GET"]),
        Route("/peringatan/{alert_id:int}/{which}.jpg", alerts.show_alert, methods=["GET"]),
        Route("/foto/{photo_id}.jpg", photos.show_photo, methods=["GET"]),
        Route("/peta/gaya/{scheme}.json", maps.show_style, methods=["GET"]),
        Route("/peta/ubin/{z:int}/{x:int}/{y:int}.pbf", maps.show_tile, methods=["GET"]),
        Route("/peta/huruf/{fontstack}/{range}.pbf", maps.show_glyphs, methods=["GET"]),
        Route("/peta/pin/{scheme}/{name}.svg", maps.show_pin, methods=["GET"]),
        Route("/peta/lapisan/{name}.geojson", maps.show_layer, methods=["GET"]),
        Route("/peta/rencana/{plan_id}.geojson", reports.show_plan, methods=["GET"]),
        Route("/peta/rencana/{plan_id}/{rank:int}/{name}.png", reports.show_point, methods=["GET"]),
        Route("/unduh/cakupan/{form}", reports.give_coverage, methods=["GET"]),
        Route("/unduh/rencana/{plan_id}/{form}", reports.give_plan, methods=["GET"]),
        Route("/unduh/gambar/{camera_id}", reports.give_picture, methods=["GET"]),
        Route("/unduh/surat/{letter_id}/{name}", letters.give_letter, methods=["GET"]),
        Route("/unduh/surat-kumpulan.zip", letters.give_letters, methods=["GET"]),
        Route("/unduh/templat/{template_id}.docx", letters.give_template, methods=["GET"]),
        Route("/unduh/register/{form}", reports.give_register, methods=["GET"]),
        Route("/unduh/pemeliharaan/{form}", reports.give_tickets, methods=["GET"]),
        Route("/unduh/insiden/{incident_id}/{form}", reports.give_incident, methods=["GET"]),
    ]

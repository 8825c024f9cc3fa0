"""Every address that this app answers itself; all others belong to the screens."""

from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from cctv.settings import ROOT
from cctv.web import health, login, maps, photos, pictures, reports, setup


def build_routes() -> list[BaseRoute]:
    """List our own routes.

    Returns
    -------
    list of BaseRoute
        Sign-in, health, first set-up, open files, pictures, map content, reports. All but the first three need a
        session.
    """
    return [
        Route("/masuk", login.show_sign_in, methods=["GET"]),
        Route("/masuk", login.take_sign_in, methods=["POST"]),
        Route("/keluar", login.show_sign_out, methods=["GET"]),
        Route("/keluar", login.take_sign_out, methods=["POST"]),
        Route("/sehat", health.show_health, methods=["GET"]),
        Route("/siapkan", setup.show_setup, methods=["GET"]),
        Route("/siapkan", setup.take_setup, methods=["POST"]),
        Mount("/app/static", StaticFiles(directory=ROOT / "static")),
        Route("/gambar/{camera_id}.jpg", pictures.show_picture, methods=["GET"]),
        Route("/peta", maps.show_start, methods=["GET"]),
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
        Route("/unduh/register/{form}", reports.give_register, methods=["GET"]),
    ]

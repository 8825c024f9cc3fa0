"""City layers: what is known about the city, and what the generator made up where nothing is known."""

from cctv.geodata.checks import check_city
from cctv.geodata.layers import CityLayers, kelurahan_at, load_city
from cctv.geodata.manifest import LayerInfo, Manifest
from cctv.geodata.replace import replace_layers

__all__ = ["CityLayers", "LayerInfo", "Manifest", "check_city", "kelurahan_at", "load_city", "replace_layers"]

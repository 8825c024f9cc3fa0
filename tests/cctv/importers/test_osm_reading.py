import geopandas as gpd
import numpy as np
import pytest
import shapely

from cctv.errors import ImportProblemsError
from cctv.importers import osm_source
from cctv.importers.osm import read_osm

from .conftest import LAT, LON, STEP, block, feature, square

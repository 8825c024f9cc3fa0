// What every map that people edit on begins with: the map code of this app, and the shape a camera would see without
// buildings. Set before the script of each component (map_script.py). Nothing is fetched from another host.
const mapCode = { loaded: null };

const here = (path) => new URL(path, location.origin).href;

const library = () => {
  if (!mapCode.loaded) {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = here("/app/static/vendor/maplibre/maplibre-gl.css");
    document.head.appendChild(sheet);
    mapCode.loaded = import(here("/app/static/vendor/maplibre/maplibre-gl.mjs"));
  }
  return mapCode.loaded;
};

const DEGREE = Math.PI / 180;
const METRES_PER_DEGREE = 111320;

const feature = (type, coordinates, properties = {}) => ({ type: "Feature", properties, geometry: { type, coordinates } });
const collection = (features) => ({ type: "FeatureCollection", features });

// The place at a bearing [deg] and distance [m]; near enough to draw with.
const placeAt = (from, bearing, metres) => {
  const perDegree = METRES_PER_DEGREE * Math.cos(from.lat * DEGREE);
  return {
    lon: from.lon + (metres * Math.sin(bearing * DEGREE)) / perDegree,
    lat: from.lat + (metres * Math.cos(bearing * DEGREE)) / METRES_PER_DEGREE,
  };
};

const bearingTo = (from, to) => {
  const east = (to.lon - from.lon) * Math.cos(from.lat * DEGREE);
  return ((Math.atan2(east, to.lat - from.lat) / DEGREE) % 360 + 360) % 360;
};

const wedge = (position, azimuth, hfov, range) => {
  const coordinates = [];
  if (position && azimuth !== null) {
    const full = hfov >= 360;
    const steps = 48;
    if (!full) coordinates.push([position.lon, position.lat]);
    for (let i = 0; i <= steps; i += 1) {
      const place = placeAt(position, azimuth - hfov / 2 + (hfov * i) / steps, range);
      coordinates.push([place.lon, place.lat]);
    }
    coordinates.push(coordinates[0]);
  }
  return feature("Polygon", coordinates.length ? [coordinates] : []);
};

const circle = (position, metres) => wedge(metres ? position : null, 0, 360, metres || 1);

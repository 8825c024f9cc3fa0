// What is held on the map of one camera: the pin, the handles for direction and tilt, and the keys that move them.
const MOVE_M = 1;
const MOVE_FAR_M = 10;
const TURN_DEG = 1;
const TURN_FAR_DEG = 10;
const ARROWS = { ArrowUp: 0, ArrowRight: 90, ArrowDown: 180, ArrowLeft: 270 };
//: The place where the middle of the picture meets the ground is drawn no further off than this many ranges.
const FARTHEST_RANGES = 1.5;

const lonLat = (lngLat) => ({ lon: lngLat.lng, lat: lngLat.lat });
const same = (one, two) => JSON.stringify(one) === JSON.stringify(two);
const rounded = (value) => Math.round(value * 10) / 10;
const polygons = (rings) => collection(rings.map((parts) => feature("Polygon", parts.map((ring) => [...ring, ring[0]]))));

const metresBetween = (from, to) => {
  const east = (to.lon - from.lon) * METRES_PER_DEGREE * Math.cos(from.lat * DEGREE);
  return Math.hypot(east, (to.lat - from.lat) * METRES_PER_DEGREE);
};

// Where a line that looks down by an angle meets the ground [m]; the limit if it never does or further off.
const reach = (height, tilt, limit) => (tilt <= 0 ? limit : Math.min(limit, height / Math.tan(Math.min(tilt, 90) * DEGREE)));

const tiltTowards = (position, azimuth, height, place) => {
  const along = metresBetween(position, place) * Math.cos((bearingTo(position, place) - azimuth) * DEGREE);
  return rounded(Math.min(90, Math.max(0, Math.atan2(height, Math.max(along, 0)) / DEGREE)));
};

// The strip of ground between the lower and the upper edge of the picture.
const strip = (position, azimuth, hfov, near, far) => {
  const outer = wedge(position, azimuth, hfov, far).geometry.coordinates;
  if (!outer.length || !(near < far)) return feature("Polygon", []);
  const inner = wedge(position, azimuth, hfov, near).geometry.coordinates[0];
  const ring = [...outer[0].slice(1, -1), ...inner.slice(1, -1).reverse()];
  return feature("Polygon", [[...ring, ring[0]]]);
};

const grip = (className, label, role) => {
  const element = document.createElement("button");
  element.type = "button";
  element.className = `grip ${className}`;
  element.setAttribute("aria-label", label);
  if (role) element.setAttribute("role", role);
  return element;
};

// Adding a marker again would take the focus away from it, and the keys with it.
const show = (marker, place, map) => {
  if (place) marker.setLngLat([place.lon, place.lat]);
  if (place && !marker.getElement().isConnected) marker.addTo(map);
  if (!place) marker.remove();
};

// One press of a key, or one that is held, is one step back.
const keyed = (element, { may, remember, step, report }) => {
  let held = false;
  element.addEventListener("keydown", (event) => {
    if (!(event.key in ARROWS) || !may()) return;
    event.preventDefault();
    event.stopPropagation();
    if (!held) remember();
    held = true;
    step(event.key, event.shiftKey);
  });
  const end = () => {
    if (!held) return;
    held = false;
    report();
  };
  element.addEventListener("keyup", (event) => { if (event.key in ARROWS) end(); });
  element.addEventListener("blur", end);
};

// The nearest thing that a pin may stand on, if it is near enough.
const anchorAt = (place, anchors, within) => {
  const near = anchors.map((anchor) => ({ ...anchor, metres: metresBetween(place, anchor) })).filter((a) => a.metres <= within);
  return near.sort((one, two) => one.metres - two.metres)[0] || null;
};

// A map on which a person draws what they see in the picture of a camera: corners by clicks, several parts if needed,
// and holes where something in between hides the ground. The outlines go back to the server after every change.
const CORNERS_OF_AN_AREA = 3;
const areas = (rings) =>
  collection(rings.filter((r) => r.length >= CORNERS_OF_AN_AREA).map((r) => feature("Polygon", [[...r, r[0]]])));
const lines = (rings) => collection(rings.filter((r) => r.length > 1).map((r) => feature("LineString", r)));
const corners = (rings) => collection(rings.flat().map((c) => feature("Point", c)));
const outer = (parts) => parts.filter((p) => !p.isHole).map((p) => p.corners);
const inner = (parts) => parts.filter((p) => p.isHole).map((p) => p.corners);
const partsOf = (drawn) => [
  ...drawn.rings.map((corners) => ({ isHole: false, corners: [...corners] })),
  ...drawn.holes.map((corners) => ({ isHole: true, corners: [...corners] })),
];
const drawnOf = (parts) => ({
  rings: outer(parts).filter((r) => r.length > 0),
  holes: inner(parts).filter((r) => r.length > 0),
});

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const host = parentElement.querySelector(".painter");
  if (host.painter) return undefined;
  const painter = { parts: partsOf(data.drawn) };
  host.painter = painter;
  let map = null;
  let stopped = false;

  const redraw = () => {
    if (!map || !map.getSource("area")) return;
    map.getSource("area").setData(areas(outer(painter.parts)));
    map.getSource("outline").setData(lines(outer(painter.parts)));
    map.getSource("hole").setData(areas(inner(painter.parts)));
    map.getSource("hole-outline").setData(lines(inner(painter.parts)));
    map.getSource("corner").setData(corners(painter.parts.map((p) => p.corners)));
  };
  const changed = () => {
    redraw();
    setStateValue("drawn", drawnOf(painter.parts));
  };
  const begin = (isHole) => {
    painter.parts = painter.parts.filter((p) => p.corners.length > 0);
    painter.parts.push({ isHole, corners: [] });
  };
  const actions = {
    undo: () => {
      painter.parts = painter.parts.filter((p) => p.corners.length > 0);
      if (painter.parts.length) painter.parts.at(-1).corners.pop();
    },
    part: () => begin(false),
    hole: () => begin(true),
    clear: () => { painter.parts = []; },
    computed: () => { painter.parts = partsOf(data.computed); },
  };
  for (const button of parentElement.querySelectorAll("button[data-action]")) {
    button.textContent = data.words[button.dataset.action];
    button.onclick = () => {
      actions[button.dataset.action]();
      changed();
    };
  }

  const frame = host.querySelector(".map");
  frame.setAttribute("aria-label", data.words.label);
  library().then((gl) => {
    if (stopped) return;
    map = new gl.Map({
      container: frame,
      style: here(data.style),
      center: [data.position.lon, data.position.lat],
      zoom: 17.2,
      attributionControl: false,
    });
    map.addControl(new gl.NavigationControl({ visualizePitch: false }));
    map.on("load", () => {
      const none = collection([]);
      map.addSource("computed", { type: "geojson", data: areas([...data.computed.rings, ...data.computed.holes]) });
      for (const name of ["area", "outline", "hole", "hole-outline", "corner"]) map.addSource(name, { type: "geojson", data: none });
      const { computed, hidden, seen } = data.colours;
      map.addLayer({ id: "computed", type: "line", source: "computed", paint: { "line-color": computed, "line-width": 1.5, "line-dasharray": [3, 2] } });
      map.addLayer({ id: "area", type: "fill", source: "area", paint: { "fill-color": seen, "fill-opacity": 0.4 } });
      map.addLayer({ id: "outline", type: "line", source: "outline", paint: { "line-color": seen, "line-width": 2 } });
      map.addLayer({ id: "hole", type: "fill", source: "hole", paint: { "fill-color": hidden, "fill-opacity": 0.75 } });
      map.addLayer({ id: "hole-outline", type: "line", source: "hole-outline", paint: { "line-color": seen, "line-width": 2, "line-dasharray": [1, 1] } });
      map.addLayer({ id: "corner", type: "circle", source: "corner", paint: { "circle-color": seen, "circle-radius": 4, "circle-stroke-color": "#ffffff", "circle-stroke-width": 1 } });
      map.addSource("camera", { type: "geojson", data: feature("Point", [data.position.lon, data.position.lat]) });
      map.addLayer({ id: "camera", type: "circle", source: "camera", paint: { "circle-color": data.colours.camera, "circle-radius": 7, "circle-stroke-color": "#ffffff", "circle-stroke-width": 2 } });
      redraw();
      host.dataset.ready = "yes";
    });
    map.on("click", (event) => {
      if (!painter.parts.length) begin(false);
      painter.parts.at(-1).corners.push([event.lngLat.lng, event.lngLat.lat]);
      changed();
    });
  });

  return () => {
    stopped = true;
    if (map) map.remove();
    delete host.painter;
  };
}

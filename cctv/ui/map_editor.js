// The map of one camera: drag its pin, click what it looks at, or turn it by its handle. The wedge follows at once; after
// each move the draft goes to the server, which sends back what the camera would see between the buildings.
const MOVE_M = 1;
const MOVE_FAR_M = 10;
const TURN_DEG = 1;
const TURN_FAR_DEG = 10;
const ARROWS = { ArrowUp: 0, ArrowRight: 90, ArrowDown: 180, ArrowLeft: 270 };

const lonLat = (lngLat) => ({ lon: lngLat.lng, lat: lngLat.lat });
const parts = (polygons) => collection(polygons.map((rings) => feature("Polygon", rings.map((ring) => [...ring, ring[0]]))));

const grip = (className, label, role) => {
  const element = document.createElement("button");
  element.type = "button";
  element.className = className;
  element.setAttribute("aria-label", label);
  if (role) element.setAttribute("role", role);
  return element;
};

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const host = parentElement.querySelector(".map-editor");
  if (host.editor) {
    host.editor.update(data);
    return undefined;
  }
  // A draft: where the point stands, and the place the camera was aimed at; null where nothing was touched.
  const editor = { data, position: data.position, azimuth: data.azimuth, target: null, mode: "move", past: [], update() {} };
  host.editor = editor;
  let stopped = false;
  const frame = host.querySelector(".map");
  frame.setAttribute("aria-label", data.words.label);
  const buttons = Object.fromEntries([...host.querySelectorAll("button[data-action]")].map((b) => [b.dataset.action, b]));
  for (const [action, button] of Object.entries(buttons)) button.textContent = data.words[action];

  const guard = (event) => { if (editor.past.length) event.preventDefault(); };
  window.addEventListener("beforeunload", guard);

  library().then((gl) => {
    if (stopped) return;
    const start = data.position || data.city;
    const map = new gl.Map({
      container: frame, style: here(data.style), center: [start.lon, start.lat], zoom: data.position ? 17.3 : 13,
      attributionControl: false,
    });
    editor.map = map;
    map.addControl(new gl.NavigationControl({ visualizePitch: false }));
    const pin = grip("pin", data.words.pin);
    const handle = grip("handle", data.words.handle, "slider");
    handle.setAttribute("aria-valuemin", "0");
    handle.setAttribute("aria-valuemax", "359");
    const pinMarker = new gl.Marker({ element: pin, draggable: data.editable });
    const handleMarker = new gl.Marker({ element: handle, draggable: data.editable });

    // Adding a marker again would take the focus away from it, and the keys with it.
    const show = (marker, place) => {
      if (place) marker.setLngLat([place.lon, place.lat]);
      if (place && !marker.getElement().isConnected) marker.addTo(map);
      if (!place) marker.remove();
    };
    const redraw = () => {
      const { position, azimuth } = editor;
      show(pinMarker, position);
      const turns = position && azimuth !== null && editor.data.hfov < 360;
      show(handleMarker, turns ? placeAt(position, azimuth, editor.data.range) : null);
      if (turns) handle.setAttribute("aria-valuenow", String(Math.round(azimuth) % 360));
      for (const [action, button] of Object.entries(buttons)) {
        button.setAttribute("aria-pressed", String(action === editor.mode));
      }
      buttons.undo.disabled = !editor.past.length;
      buttons.aim.disabled = !position || !editor.data.editable;
      buttons.move.disabled = !editor.data.editable;
      if (!map.getSource("wedge")) return;
      map.getSource("wedge").setData(wedge(position, azimuth, editor.data.hfov, editor.data.range));
      map.getSource("error").setData(circle(position, editor.data.error));
      const settled = JSON.stringify([position, editor.target]) === JSON.stringify(editor.data.seenFor);
      map.getSource("seen").setData(parts(settled ? editor.data.seen : []));
      host.dataset.seen = settled && editor.data.seen.length ? "yes" : "no";
    };
    const remember = () => {
      editor.past.push({ position: editor.position, azimuth: editor.azimuth, target: editor.target });
    };
    const report = () => {
      redraw();
      setStateValue("draft", editor.past.length ? { position: editor.position, target: editor.target } : null);
    };
    // A pin that moves keeps its direction; after aiming, it keeps looking at the place it was aimed at.
    const move = (position) => {
      editor.position = position;
      if (editor.target) editor.azimuth = bearingTo(position, editor.target);
      redraw();
    };
    const aim = (target) => {
      editor.target = target;
      editor.azimuth = bearingTo(editor.position, target);
      redraw();
    };
    const turn = (azimuth) => aim(placeAt(editor.position, azimuth, editor.data.range));

    const draggable = (marker, follow) => {
      marker.on("dragstart", remember);
      marker.on("drag", () => follow(lonLat(marker.getLngLat())));
      marker.on("dragend", report);
    };
    draggable(pinMarker, move);
    draggable(handleMarker, aim);

    // One press of a key, or one that is held, is one step back.
    const keyed = (element, step) => {
      let held = false;
      element.addEventListener("keydown", (event) => {
        if (!(event.key in ARROWS) || !editor.data.editable) return;
        event.preventDefault();
        event.stopPropagation();
        if (!held) remember();
        held = true;
        step(event);
      });
      const end = () => {
        if (!held) return;
        held = false;
        report();
      };
      element.addEventListener("keyup", (event) => { if (event.key in ARROWS) end(); });
      element.addEventListener("blur", end);
    };
    keyed(pin, (event) => move(placeAt(editor.position, ARROWS[event.key], event.shiftKey ? MOVE_FAR_M : MOVE_M)));
    keyed(handle, (event) => {
      const clockwise = event.key === "ArrowRight" || event.key === "ArrowUp" ? 1 : -1;
      turn(editor.azimuth + clockwise * (event.shiftKey ? TURN_FAR_DEG : TURN_DEG));
    });

    buttons.move.onclick = () => { editor.mode = "move"; redraw(); };
    buttons.aim.onclick = () => { editor.mode = "aim"; redraw(); };
    buttons.undo.onclick = () => {
      if (!editor.past.length) return;
      Object.assign(editor, editor.past.pop());
      report();
    };
    map.on("click", (event) => {
      if (!editor.data.editable || event.originalEvent.target.closest(".pin, .handle")) return;
      remember();
      if (editor.mode === "aim" && editor.position) aim(lonLat(event.lngLat));
      else move(lonLat(event.lngLat));
      report();
    });
    map.on("load", () => {
      const { accent, seen, other } = data.colours;
      const fill = (name, colour, opacity) => {
        map.addSource(name, { type: "geojson", data: collection([]) });
        map.addLayer({ id: name, type: "fill", source: name, paint: { "fill-color": colour, "fill-opacity": opacity } });
        map.addLayer({ id: `${name}-line`, type: "line", source: name, paint: { "line-color": colour, "line-width": 1.2 } });
      };
      fill("seen", seen, 0.35);
      fill("error", accent, 0.06);
      fill("wedge", accent, 0.16);
      map.addSource("others", { type: "geojson", data: collection(data.others.map((o) => feature("Point", [o.lon, o.lat]))) });
      map.addLayer({ id: "others", type: "circle", source: "others", paint: {
        "circle-color": other, "circle-radius": 5, "circle-stroke-color": "#ffffff", "circle-stroke-width": 1.5 } });
      redraw();
      host.dataset.ready = "yes";
    });
    redraw();
    // What somebody else saved meanwhile is shown, unless this person has begun to change it.
    editor.update = (next) => {
      editor.data = next;
      if (!editor.past.length) Object.assign(editor, { position: next.position, azimuth: next.azimuth, target: null });
      redraw();
    };
  });

  return () => {
    stopped = true;
    window.removeEventListener("beforeunload", guard);
    if (editor.map) editor.map.remove();
    delete host.editor;
  };
}

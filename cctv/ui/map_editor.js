// The map of one camera: drag its pin, click what it looks at, turn and tilt it by handles, or put a new camera on the
// map. The wedge follows at once; after each move the draft goes to the server, which sends back what the camera would
// see between the buildings.
const FIELDS = ["position", "azimuth", "target", "tilt", "height", "snap", "added"];

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const host = parentElement.querySelector(".map-editor");
  if (host.editor) {
    host.editor.update(data);
    return undefined;
  }
  const base = (from) => ({
    position: from.position, azimuth: from.azimuth, tilt: from.tilt, height: from.height, target: null, snap: null, added: null,
  });
  // A draft: where the point stands, the place the camera was aimed at, its tilt and height, and a camera to be added.
  const editor = { data, ...base(data), mode: "move", past: [], fresh: false, update() {} };
  host.editor = editor;
  let stopped = false;
  const frame = host.querySelector(".map");
  frame.setAttribute("aria-label", data.words.label);
  const buttons = Object.fromEntries([...host.querySelectorAll("button[data-action]")].map((b) => [b.dataset.action, b]));
  for (const [action, button] of Object.entries(buttons)) button.textContent = data.words[action];
  const inputs = Object.fromEntries([...host.querySelectorAll("input[data-field]")].map((i) => [i.dataset.field, i]));
  for (const [field, input] of Object.entries(inputs)) {
    input.placeholder = data.words.unknown;
    input.previousElementSibling.textContent = data.words[field];
  }
  const note = host.querySelector(".note");
  const may = () => editor.data.editable;
  const touched = () => editor.past.length > 0;

  const guard = (event) => { if (touched() || editor.data.unsaved) event.preventDefault(); };
  window.addEventListener("beforeunload", guard);

  library().then((gl) => {
    if (stopped) return;
    if (data.draft) {
      editor.past.push(base(data));
      Object.assign(editor, data.draft);
      if (editor.target) editor.azimuth = bearingTo(editor.position, editor.target);
    }
    const start = editor.added || editor.position || data.city;
    const map = new gl.Map({
      container: frame, style: here(data.style), center: [start.lon, start.lat], zoom: start === data.city ? 13 : 17.3,
      attributionControl: false,
    });
    editor.map = map;
    map.addControl(new gl.NavigationControl({ visualizePitch: false }));
    const { words } = data;
    const pin = grip("pin", words.pin);
    const handle = grip("handle", words.handle, "slider");
    const tilter = grip("tilter", words.tilter, "slider");
    const added = grip("added", words.added);
    for (const [slider, most] of [[handle, 359], [tilter, 90]]) {
      slider.setAttribute("aria-valuemin", "0");
      slider.setAttribute("aria-valuemax", String(most));
    }
    const markers = [pin, handle, tilter, added].map((element) => new gl.Marker({ element, draggable: data.editable }));
    const [pinMarker, handleMarker, tiltMarker, addedMarker] = markers;

    const place = (name, shape) => { if (map.getSource(name)) map.getSource(name).setData(shape); };
    const redraw = () => {
      const { position, azimuth, tilt, height } = editor;
      const { hfov, vfov, range, error } = editor.data;
      const turns = position && azimuth !== null && hfov < 360;
      const farthest = range * FARTHEST_RANGES;
      const middle = turns && height !== null ? reach(height, tilt === null ? 0 : tilt, farthest) : null;
      show(pinMarker, position, map);
      show(handleMarker, turns ? placeAt(position, azimuth, range) : null, map);
      show(tiltMarker, middle === null ? null : placeAt(position, azimuth, tilt === null ? range / 2 : middle), map);
      show(addedMarker, editor.added, map);
      if (turns) handle.setAttribute("aria-valuenow", String(Math.round(azimuth) % 360));
      tilter.setAttribute("aria-valuenow", String(tilt === null ? 0 : tilt));
      tilter.setAttribute("aria-valuetext", tilt === null ? words.unknown : `${tilt}°`);
      for (const [action, button] of Object.entries(buttons)) button.setAttribute("aria-pressed", String(action === editor.mode));
      buttons.undo.disabled = !touched();
      buttons.aim.disabled = !position || !may();
      buttons.move.disabled = !may();
      buttons.add.disabled = !may();
      const holds = snapped();
      buttons.release.hidden = !holds;
      for (const [field, input] of Object.entries(inputs)) {
        input.disabled = !may();
        if (document.activeElement !== input) input.value = editor[field] === null ? "" : editor[field];
      }
      note.textContent = holds
        ? words.snapped.replace("{kind}", words[holds.kind]).replace("{name}", holds.name)
          .replace("{m}", String(Math.round(holds.metres))) + (holds.madeUp ? ` ${words.made_up}` : "")
        : words[`doing_${editor.mode}`];
      place("wedge", wedge(position, azimuth, hfov, range));
      const looksDown = turns && vfov && tilt !== null && height !== null;
      place("strip", looksDown
        ? strip(position, azimuth, hfov, reach(height, tilt + vfov / 2, range), reach(height, tilt - vfov / 2, range))
        : feature("Polygon", []));
      place("error", circle(position, error));
      const settled = same(editor.data.seenFor, [position, editor.target, tilt, height]);
      place("seen", polygons(settled ? editor.data.seen : []));
      host.dataset.seen = settled && editor.data.seen.length ? "yes" : "no";
    };
    const state = () => Object.fromEntries(FIELDS.map((field) => [field, editor[field]]));
    const remember = () => editor.past.push(state());
    const report = () => {
      redraw();
      setStateValue("draft", touched() ? state() : { clean: true });
    };
    // A pin that moves keeps its direction; after aiming, it keeps looking at the place it was aimed at.
    const move = (to) => {
      editor.position = to;
      editor.snap = null;
      if (editor.target) editor.azimuth = bearingTo(to, editor.target);
      redraw();
    };
    const aim = (target) => {
      editor.target = target;
      editor.azimuth = bearingTo(editor.position, target);
      redraw();
    };
    // A pin that is let go beside a pole or a junction stands on it, until somebody says otherwise.
    const landed = (to) => {
      const anchor = anchorAt(to, editor.data.anchors, editor.data.snapWithin);
      if (!anchor) return { at: to, snap: null };
      const { kind, id, name, metres, madeUp, lon, lat } = anchor;
      return { at: { lon, lat }, snap: { kind, id, name, metres, madeUp, from: to } };
    };
    const snap = () => {
      const found = landed(editor.position);
      editor.fresh = !found.snap;
      if (!found.snap) return;
      move(found.at);
      editor.snap = found.snap;
    };
    const addAt = (to, point) => {
      const found = point ? { at: to, snap: null } : landed(to);
      editor.added = { ...found.at, point: point || "", snap: found.snap };
    };
    const snapped = () => (editor.added ? editor.added.snap : editor.snap);
    const tiltBy = (degrees) => { editor.tilt = rounded(Math.min(90, Math.max(0, (editor.tilt || 0) + degrees))); redraw(); };

    const dragged = (marker, follow, done) => {
      marker.on("dragstart", remember);
      marker.on("drag", () => follow(lonLat(marker.getLngLat())));
      marker.on("dragend", () => { if (done) done(); report(); });
    };
    dragged(pinMarker, move, snap);
    dragged(handleMarker, aim);
    dragged(tiltMarker, (to) => { editor.tilt = tiltTowards(editor.position, editor.azimuth, editor.height, to); redraw(); });
    dragged(addedMarker, (to) => { editor.added = { ...to, point: "", snap: null }; }, () => addAt(lonLat(addedMarker.getLngLat())));

    const keys = { may, remember, report };
    const size = (far, near, isFar) => (isFar ? far : near);
    const sign = (key) => (key === "ArrowRight" || key === "ArrowUp" ? 1 : -1);
    keyed(pin, { ...keys, step: (key, far) => move(placeAt(editor.position, ARROWS[key], size(MOVE_FAR_M, MOVE_M, far))) });
    keyed(added, { ...keys, step: (key, far) => {
      editor.added = { ...placeAt(editor.added, ARROWS[key], size(MOVE_FAR_M, MOVE_M, far)), point: "", snap: null };
      redraw();
    } });
    keyed(handle, { ...keys, step: (key, far) => {
      const turned = editor.azimuth + sign(key) * size(TURN_FAR_DEG, TURN_DEG, far);
      aim(placeAt(editor.position, turned, editor.data.range));
    } });
    // The arrow away from the camera looks further off, so less far down.
    keyed(tilter, { ...keys, step: (key, far) => tiltBy(-sign(key) * size(TURN_FAR_DEG, TURN_DEG, far)) });

    for (const action of ["move", "aim", "add"]) buttons[action].onclick = () => { editor.mode = action; redraw(); };
    buttons.undo.onclick = () => {
      if (!touched()) return;
      Object.assign(editor, editor.past.pop());
      editor.fresh = false;
      report();
    };
    buttons.release.onclick = () => {
      const { from } = snapped();
      remember();
      if (editor.added) editor.added = { ...from, point: "", snap: null };
      else move(from);
      report();
    };
    for (const [field, input] of Object.entries(inputs)) {
      input.onchange = () => {
        const value = input.value === "" ? editor.data[field] : rounded(Number(input.value));
        if (value === editor[field] || (value !== null && !input.checkValidity())) return redraw();
        remember();
        editor[field] = value;
        return report();
      };
    }
    const act = (to, point) => {
      if (!may()) return;
      remember();
      if (editor.mode === "add") addAt(to, point);
      else if (editor.mode === "aim" && editor.position) aim(to);
      else {
        move(to);
        snap();
      }
      report();
    };
    pin.addEventListener("click", (event) => {
      event.stopPropagation();
      if (editor.mode === "add") act(editor.position, editor.data.point);
    });
    map.on("click", (event) => {
      if (event.originalEvent.target.closest(".grip")) return;
      const { x, y } = event.point;
      const [other] = map.getLayer("others") ? map.queryRenderedFeatures([[x - 8, y - 8], [x + 8, y + 8]], { layers: ["others"] }) : [];
      if (editor.mode === "add" && other) {
        const [lon, lat] = other.geometry.coordinates;
        act({ lon, lat }, other.properties.id);
      } else act(lonLat(event.lngLat));
    });
    // The key Enter is a click on the middle of the map, where the cross is.
    const canvas = map.getCanvas();
    canvas.addEventListener("focus", () => { host.dataset.cross = canvas.matches(":focus-visible") ? "yes" : "no"; });
    canvas.addEventListener("blur", () => { host.dataset.cross = "no"; });
    canvas.addEventListener("keydown", (event) => { if (event.key === "Enter") act(lonLat(map.getCenter())); });

    const dots = (places) => collection(places.map((o) => feature("Point", [o.lon, o.lat], { id: o.id })));
    map.on("load", () => {
      const { accent, seen, other } = data.colours;
      const fill = (name, colour, opacity) => {
        map.addSource(name, { type: "geojson", data: collection([]) });
        map.addLayer({ id: name, type: "fill", source: name, paint: { "fill-color": colour, "fill-opacity": opacity } });
        map.addLayer({ id: `${name}-line`, type: "line", source: name, paint: { "line-color": colour, "line-width": 1.2 } });
      };
      fill("seen", seen, 0.35);
      fill("error", accent, 0.06);
      fill("wedge", accent, 0.12);
      fill("strip", accent, 0.16);
      const circles = (name, paint) => {
        map.addSource(name, { type: "geojson", data: dots(editor.data[name]) });
        map.addLayer({ id: name, type: "circle", source: name, paint });
      };
      circles("anchors", { "circle-color": "rgba(0,0,0,0)", "circle-radius": 4, "circle-stroke-color": accent, "circle-stroke-width": 1.2 });
      map.setLayerZoomRange("anchors", 16, 24);
      circles("others", { "circle-color": other, "circle-radius": 5, "circle-stroke-color": "#ffffff", "circle-stroke-width": 1.5 });
      redraw();
      host.dataset.ready = "yes";
    });
    redraw();
    if (touched()) report();
    // What somebody else saved meanwhile is shown, unless this person has begun to change it.
    editor.update = (next) => {
      editor.data = next;
      if (!touched()) Object.assign(editor, base(next));
      place("anchors", dots(next.anchors));
      place("others", dots(next.others));
      if (editor.fresh && same(next.seenFor[0], editor.position)) {
        snap();
        editor.fresh = false;
        if (editor.snap) report();
      }
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

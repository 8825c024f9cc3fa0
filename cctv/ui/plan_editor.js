// A map on which the points of a plan are picked and dragged, and new ones added. Every pick, drag and click goes to the
// server once, when it is over; the area that the picked camera would see comes back from there.
const AFTER_DRAG_MS = 300;

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const host = parentElement.querySelector(".plan-editor");
  host.setAttribute("aria-label", data.label);
  if (host.editor) {
    host.editor.update(data);
    return undefined;
  }
  const editor = { data, update() {} };
  host.editor = editor;
  let stopped = false;

  library().then((gl) => {
    if (stopped) return;
    const first = data.marks.find((mark) => mark.picked);
    const map = new gl.Map({
      container: host,
      style: here(data.style),
      center: first ? [first.lon, first.lat] : [data.city.lon, data.city.lat],
      zoom: first ? 17 : 13,
      attributionControl: false,
    });
    editor.map = map;
    map.addControl(new gl.NavigationControl({ visualizePitch: false }));
    const pins = new Map();
    let dragged = 0; // a browser may send a click after a drag: it is no pick

    const say = (kind, key, place) => setTriggerValue("done", { kind, key, lon: place.lng, lat: place.lat });

    const pinOf = (mark) => {
      const element = document.createElement("button");
      element.type = "button";
      const pin = new gl.Marker({ element, draggable: true }).setLngLat([mark.lon, mark.lat]).addTo(map);
      pin.on("dragend", () => {
        dragged = Date.now();
        say("move", mark.key, pin.getLngLat());
      });
      element.addEventListener("click", (event) => {
        event.stopPropagation();
        if (Date.now() - dragged > AFTER_DRAG_MS) say("pick", mark.key, pin.getLngLat());
      });
      return pin;
    };

    const redraw = () => {
      const { marks, area } = editor.data;
      const keys = new Set(marks.map((mark) => mark.key));
      pins.forEach((pin, key) => {
        if (keys.has(key)) return;
        pin.remove();
        pins.delete(key);
      });
      marks.forEach((mark) => {
        if (!pins.has(mark.key)) pins.set(mark.key, pinOf(mark));
        const pin = pins.get(mark.key);
        pin.setLngLat([mark.lon, mark.lat]);
        pin.setDraggable(mark.state !== "forbidden");
        const element = pin.getElement();
        element.textContent = mark.text;
        element.title = mark.title;
        element.setAttribute("aria-label", mark.title);
        element.setAttribute("aria-pressed", String(mark.picked));
        element.dataset.state = mark.state;
        element.dataset.key = mark.key;
        element.classList.add("point");
      });
      if (map.getSource("area")) map.getSource("area").setData(area || collection([]));
    };

    map.on("load", () => {
      for (const { name, url, colour, opacity } of data.layers) {
        map.addSource(name, { type: "geojson", data: here(url) });
        map.addLayer({ id: name, type: "fill", source: name, paint: { "fill-color": colour, "fill-opacity": opacity } });
      }
      map.addSource("area", { type: "geojson", data: collection([]) });
      map.addLayer({ id: "area", type: "fill", source: "area", paint: { "fill-color": data.colour, "fill-opacity": 0.45 } });
      map.addLayer({ id: "edge", type: "line", source: "area", paint: { "line-color": data.colour, "line-width": 2 } });
      redraw();
      host.dataset.ready = "yes";
    });
    map.on("click", (event) => {
      if (editor.data.adding) say("add", "", event.lngLat);
    });
    redraw();

    editor.update = (next) => {
      editor.data = next;
      map.getCanvas().style.cursor = next.adding ? "crosshair" : "";
      redraw();
    };
  });

  return () => {
    stopped = true;
    if (editor.map) editor.map.remove();
    delete host.editor;
  };
}

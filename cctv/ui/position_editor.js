// A map on which one point is placed or dragged, and a camera aimed. Only the final position of a drag or click goes
// back to the server.
export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const host = parentElement.querySelector(".editor");
  host.setAttribute("aria-label", data.label);
  if (host.editor) {
    host.editor.update(data);
    return undefined;
  }
  const editor = { data, position: data.position, update() {} };
  host.editor = editor;
  let stopped = false;

  library().then((gl) => {
    if (stopped) return;
    const start = data.position || data.start || data.city;
    const map = new gl.Map({
      container: host,
      style: here(data.style),
      center: [start.lon, start.lat],
      zoom: data.position || data.start ? 16.5 : 13,
      attributionControl: false,
    });
    editor.map = map;
    map.addControl(new gl.NavigationControl({ visualizePitch: false }));
    const marker = new gl.Marker({ color: data.colour, draggable: data.editable });

    const redraw = () => {
      if (!map.getSource("wedge")) return;
      const { azimuth, hfov, range, error } = editor.data;
      map.getSource("wedge").setData(wedge(editor.position, azimuth, hfov, range));
      map.getSource("error").setData(circle(editor.position, error));
    };
    const place = (lngLat) => {
      editor.position = { lon: lngLat.lng, lat: lngLat.lat };
      marker.setLngLat(lngLat).addTo(map);
      redraw();
    };
    const report = () => setStateValue("position", editor.position);

    if (data.start) {
      const spot = document.createElement("span");
      spot.className = "start";
      new gl.Marker({ element: spot }).setLngLat([data.start.lon, data.start.lat]).addTo(map);
    }

    map.on("load", () => {
      data.areas.forEach(({ url, colour }, i) => {
        map.addSource(`area-${i}`, { type: "geojson", data: here(url) });
        map.addLayer({ id: `area-${i}`, type: "fill", source: `area-${i}`, paint: { "fill-color": colour, "fill-opacity": 0.3 } });
        map.addLayer({ id: `area-${i}-line`, type: "line", source: `area-${i}`, paint: { "line-color": colour, "line-width": 1.2 } });
      });
      for (const [name, opacity] of [["error", 0.06], ["wedge", 0.28]]) {
        map.addSource(name, { type: "geojson", data: wedge(null, null, 0, 0) });
        map.addLayer({ id: name, type: "fill", source: name, paint: { "fill-color": data.colour, "fill-opacity": opacity } });
        map.addLayer({ id: `${name}-line`, type: "line", source: name, paint: { "line-color": data.colour, "line-width": 1.2 } });
      }
      redraw();
      host.dataset.ready = "yes";
    });
    marker.on("drag", () => place(marker.getLngLat()));
    marker.on("dragend", report);
    map.on("click", (event) => {
      if (!editor.data.editable) return;
      place(event.lngLat);
      report();
    });
    if (editor.position) place(new gl.LngLat(editor.position.lon, editor.position.lat));

    editor.update = (next) => {
      const moved = JSON.stringify(next.position) !== JSON.stringify(editor.data.position);
      editor.data = next;
      if (moved && next.position) place(new gl.LngLat(next.position.lon, next.position.lat));
      redraw();
    };
  });

  return () => {
    stopped = true;
    if (editor.map) editor.map.remove();
    delete host.editor;
  };
}

// The map of an incident: a click says where; the cameras that were found stand on it with their numbers, and what they
// see between the buildings. Only the place that was clicked goes to the server.
export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const host = parentElement.querySelector(".incident-map");
  host.setAttribute("aria-label", data.words.label);
  if (host.scene) {
    host.scene.update(data);
    return undefined;
  }
  const scene = { data, markers: [], update() {} };
  host.scene = scene;
  let stopped = false;

  library().then((gl) => {
    if (stopped) return;
    const start = data.place || data.city;
    const map = new gl.Map({
      container: host, style: here(data.style), center: [start.lon, start.lat], zoom: data.place ? 16.6 : 13,
      attributionControl: false,
    });
    scene.map = map;
    map.addControl(new gl.NavigationControl({ visualizePitch: false }));
    const spot = new gl.Marker({ color: data.colours.accent });

    const badge = (camera) => {
      const element = document.createElement("span");
      element.className = `badge ${camera.sight} ${camera.works ? "" : "off"}`;
      element.textContent = camera.mark;
      element.title = camera.name;
      return new gl.Marker({ element }).setLngLat([camera.lon, camera.lat]);
    };
    const redraw = () => {
      const { place, cameras, areas } = scene.data;
      scene.markers.splice(0).forEach((marker) => marker.remove());
      if (place) spot.setLngLat([place.lon, place.lat]).addTo(map);
      for (const camera of cameras) scene.markers.push(badge(camera).addTo(map));
      if (!map.getSource("seen")) return;
      const of = (sight) => collection(areas.filter((area) => area.sight === sight)
        .map((area) => feature("Polygon", area.rings.map((ring) => [...ring, ring[0]]))));
      map.getSource("seen").setData(of("seen"));
      map.getSource("possible").setData(of("possible"));
      host.dataset.cameras = String(cameras.length);
    };

    map.on("load", () => {
      for (const [name, colour, opacity] of [["possible", data.colours.possible, 0.2], ["seen", data.colours.seen, 0.3]]) {
        map.addSource(name, { type: "geojson", data: collection([]) });
        map.addLayer({ id: name, type: "fill", source: name, paint: { "fill-color": colour, "fill-opacity": opacity } });
        map.addLayer({ id: `${name}-line`, type: "line", source: name, paint: { "line-color": colour, "line-width": 1.2,
          "line-dasharray": name === "seen" ? [1, 0] : [3, 2] } });
      }
      redraw();
      host.dataset.ready = "yes";
    });
    map.on("click", (event) => {
      spot.setLngLat(event.lngLat).addTo(map);
      setStateValue("place", { lon: event.lngLat.lng, lat: event.lngLat.lat });
    });
    redraw();

    scene.update = (next) => {
      const before = JSON.stringify(scene.data.place);
      scene.data = next;
      if (next.place && JSON.stringify(next.place) !== before) {
        const inside = map.getBounds().contains([next.place.lon, next.place.lat]) && map.getZoom() > 15;
        if (!inside) map.jumpTo({ center: [next.place.lon, next.place.lat], zoom: 16.6 });
      }
      redraw();
    };
  });

  return () => {
    stopped = true;
    if (scene.map) scene.map.remove();
    delete host.scene;
  };
}

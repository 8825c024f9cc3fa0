// Shows the newest picture of one camera and says how old it is: a still every second, or moving if somebody wants so.
// The next picture is fetched before the old one goes, so nothing flickers; a hidden tab fetches nothing. The address of
// the camera never comes here.
const PERIOD_MS = 1000;
const SLOW_MS = 5000;
// the first picture of a camera is under way: ask again soon
const SOON_MS = 250;
const SOON = ["connecting", "restarting", "slow"];
const REFUSED = [401, 403, 404];
// a moving picture without a new one for so long has stopped, and says so
const STOPPED_S = 3;
const MINUTE_S = 120;
// which cameras somebody has set moving; stays while the rest of the screen is drawn anew
const moving = new Set();

const headersOf = (text) =>
  new Headers(text.split("\r\n").filter((l) => l.includes(":")).map((l) => [l.slice(0, l.indexOf(":")), l.slice(l.indexOf(":") + 1).trim()]));

// Cuts a motion JPEG into its pictures; each has its length in its headers.
async function* partsOf(body) {
  const reader = body.getReader();
  let buffer = new Uint8Array(0);
  const endOfHead = () => {
    for (let i = 0; i + 3 < buffer.length; i++)
      if (buffer[i] === 13 && buffer[i + 1] === 10 && buffer[i + 2] === 13 && buffer[i + 3] === 10) return i;
    return -1;
  };
  for (;;) {
    const head = endOfHead();
    const headers = head < 0 ? null : headersOf(new TextDecoder().decode(buffer.subarray(0, head)));
    const stop = headers ? head + 4 + Number(headers.get("Content-Length") || 0) : Infinity;
    if (buffer.length >= stop) {
      yield { headers, blob: new Blob([buffer.slice(head + 4, stop)], { type: "image/jpeg" }) };
      buffer = buffer.slice(Math.min(stop + 2, buffer.length));
      continue;
    }
    const { done, value } = await reader.read();
    if (done) return;
    const joined = new Uint8Array(buffer.length + value.length);
    joined.set(buffer);
    joined.set(value, buffer.length);
    buffer = joined;
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const find = (name) => parentElement.querySelector(`[data-${name}]`);
  const frame = parentElement.querySelector(".frame");
  const image = parentElement.querySelector("img");
  const state = find("state");
  const age = find("age");
  image.alt = data.alt;
  let timer = 0;
  let stopped = false;
  let shown = "";
  let seen = null;
  let stream = null;
  const isMoving = () => data.controls && moving.has(data.camera);

  const say = (headers) => {
    const name = headers.get("X-Picture-State") || "never";
    const reason = headers.get("X-Picture-Reason") || "";
    const seconds = Number(headers.get("X-Picture-Age") || "NaN");
    const since = headers.get("X-Picture-Since") || "";
    const text = data.states[name] || name;
    const why = reason ? ` · ${data.reasons[reason] || reason}` : "";
    const when = since ? ` · ${data.since} ${new Date(since).toLocaleString("id-ID", { timeZone: "Asia/Jakarta" })}` : "";
    state.textContent = text + why + when;
    state.dataset.state = name;
    seen = Number.isFinite(seconds) ? { name, born: performance.now() - seconds * 1000 } : null;
    tell();
    return name;
  };

  // The age goes on while nothing comes; a moving picture that has stopped is greyed by us too.
  const tell = () => {
    const seconds = seen ? (performance.now() - seen.born) / 1000 : NaN;
    const words = seconds < MINUTE_S ? data.age : data.age_minutes;
    age.textContent = seen ? words.replace("{n}", Math.round(seconds < MINUTE_S ? seconds : seconds / 60)) : "";
    const isOld = isMoving() && seen !== null && seen.name === "fresh" && seconds > STOPPED_S;
    frame.classList.toggle("old", isOld);
    if (isOld) state.textContent = data.stopped;
  };

  const put = (blob) => {
    const fresh = URL.createObjectURL(blob);
    const old = shown;
    image.onload = () => old && URL.revokeObjectURL(old);
    image.src = fresh;
    shown = fresh;
  };

  // Signed out, or the owner has withdrawn: the last picture goes, too.
  const refuse = () => {
    state.textContent = data.refused;
    image.removeAttribute("src");
    return 0;
  };

  const showStill = async () => {
    const answer = await fetch(data.url, { cache: "no-store" });
    if (REFUSED.includes(answer.status)) return refuse();
    const blob = await answer.blob();
    if (stopped || isMoving()) return PERIOD_MS;
    const name = say(answer.headers);
    put(blob);
    if (name !== "never") return PERIOD_MS;
    return SOON.includes(answer.headers.get("X-Picture-Reason")) ? SOON_MS : SLOW_MS;
  };

  const setMoving = (wanted) => {
    if (wanted) moving.add(data.camera);
    else moving.delete(data.camera);
    mark();
    if (stream) stream.abort();
    clearTimeout(timer);
    step();
  };

  const showMoving = async () => {
    const own = new AbortController();
    stream = own;
    try {
      const answer = await fetch(data.moving_url, { cache: "no-store", signal: own.signal });
      if (REFUSED.includes(answer.status)) return refuse();
      if (!answer.ok) throw new Error(String(answer.status));
      for await (const { headers, blob } of partsOf(answer.body)) {
        const ended = headers.get("X-Picture-Ended");
        if (ended) {
          moving.delete(data.camera);
          mark();
          note(data.ended[ended] || "");
          return SOON_MS;
        }
        if (say(headers)) put(blob);
      }
    } finally {
      own.abort();
      if (stream === own) stream = null;
    }
    return PERIOD_MS;
  };

  const note = (text) => {
    const place = find("note");
    if (place) place.textContent = text;
  };

  const step = async () => {
    let next = PERIOD_MS;
    const wasMoving = isMoving();
    if (document.visibilityState === "visible") {
      try {
        next = wasMoving ? await showMoving() : await showStill();
      } catch (error) {
        if (stopped || wasMoving !== isMoving()) return;
        if (error.name !== "AbortError") state.textContent = data.offline;
        next = error.name === "AbortError" ? SOON_MS : SLOW_MS;
      }
    }
    if (!stopped && next && wasMoving === isMoving()) timer = setTimeout(step, next);
    else if (!stopped && wasMoving && !isMoving() && next === SOON_MS) timer = setTimeout(step, next);
  };

  const mark = () => {
    for (const button of parentElement.querySelectorAll("[data-mode]"))
      button.setAttribute("aria-pressed", String((button.dataset.mode === "moving") === isMoving()));
    note("");
  };

  const neighbour = (way) => {
    const button = find(way);
    const other = data[way];
    button.disabled = !other;
    button.title = other ? other.words : data.words[`no_${way}`];
    button.setAttribute("aria-label", button.title);
    button.onclick = () => setTriggerValue("go", other.camera);
    button.onpointerenter = () => other && fetch(`/gambar/${other.camera}/siaga`, { cache: "no-store" }).catch(() => {});
  };

  const full = () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else frame.requestFullscreen().catch(() => {});
  };

  // A tab that nobody sees lets go of its moving picture.
  const onVisible = () => {
    if (document.visibilityState !== "visible" && stream) stream.abort();
  };

  const bar = parentElement.querySelector(".bar");
  bar.hidden = !data.controls;
  if (data.controls) {
    for (const button of parentElement.querySelectorAll("[data-mode]")) {
      button.textContent = data.words[button.dataset.mode];
      button.title = data.words[`${button.dataset.mode}_help`];
      button.onclick = () => setMoving(button.dataset.mode === "moving");
    }
    const whole = find("full");
    whole.title = data.words.full;
    whole.setAttribute("aria-label", data.words.full);
    whole.onclick = full;
    neighbour("before");
    neighbour("after");
    mark();
  }
  image.ondblclick = full;
  document.addEventListener("visibilitychange", onVisible);
  const ticking = setInterval(tell, PERIOD_MS);

  step();
  return () => {
    stopped = true;
    clearTimeout(timer);
    clearInterval(ticking);
    document.removeEventListener("visibilitychange", onVisible);
    if (stream) stream.abort();
    if (shown) URL.revokeObjectURL(shown);
  };
}

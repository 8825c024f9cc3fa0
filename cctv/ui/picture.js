// Shows the newest picture of one camera and says how old it is. The next picture is fetched before the old one goes,
// so nothing flickers; a hidden tab fetches nothing. The address of the camera never comes here.
const PERIOD_MS = 1000;
const SLOW_MS = 5000;
// the first picture of a camera is under way: ask again soon
const SOON_MS = 250;
const SOON = ["connecting", "restarting", "slow"];

export default function ({ data, parentElement }) {
  const image = parentElement.querySelector("img");
  const state = parentElement.querySelector("[data-state]");
  const age = parentElement.querySelector("[data-age]");
  image.alt = data.alt;
  let timer = 0;
  let stopped = false;
  let shown = "";

  const say = (answer) => {
    const name = answer.headers.get("X-Picture-State") || "never";
    const reason = answer.headers.get("X-Picture-Reason") || "";
    const seconds = Number(answer.headers.get("X-Picture-Age") || "NaN");
    const since = answer.headers.get("X-Picture-Since") || "";
    const text = data.states[name] || name;
    const why = reason ? ` · ${data.reasons[reason] || reason}` : "";
    const when = since ? ` · ${data.since} ${new Date(since).toLocaleString("id-ID", { timeZone: "Asia/Jakarta" })}` : "";
    state.textContent = text + why + when;
    state.dataset.state = name;
    age.textContent = Number.isFinite(seconds) ? data.age.replace("{n}", Math.round(seconds)) : "";
    return name;
  };

  const show = async () => {
    let next = PERIOD_MS;
    if (document.visibilityState === "visible") {
      try {
        const answer = await fetch(data.url, { cache: "no-store" });
        if ([401, 403, 404].includes(answer.status)) {
          state.textContent = data.refused;
          image.removeAttribute("src"); // signed out, or the owner has withdrawn: the last picture goes, too
          return;
        }
        const blob = await answer.blob();
        if (stopped) return;
        if (say(answer) === "never") next = SOON.includes(answer.headers.get("X-Picture-Reason")) ? SOON_MS : SLOW_MS;
        const fresh = URL.createObjectURL(blob);
        const old = shown;
        image.onload = () => old && URL.revokeObjectURL(old);
        image.src = fresh;
        shown = fresh;
      } catch (error) {
        state.textContent = data.offline;
        next = SLOW_MS;
      }
    }
    if (!stopped) timer = setTimeout(show, next);
  };

  show();
  return () => {
    stopped = true;
    clearTimeout(timer);
    if (shown) URL.revokeObjectURL(shown);
  };
}

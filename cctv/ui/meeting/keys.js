// Gives the arrow keys to the meeting: the focus that a switch or a list keeps would eat them. And a button for the
// full screen, which only a click may open.
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  button.textContent = data.full;
  button.onclick = () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
    button.blur();
  };
  const held = document.activeElement;
  if (held && held !== document.body && !held.matches("input[type=text], textarea")) held.blur();
  if (held && held.matches('[role="combobox"], [aria-haspopup="listbox"]')) held.blur();
}

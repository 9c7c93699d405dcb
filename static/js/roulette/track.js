// The racetrack: the wheel's order as an oval, with call bets inside.

// Lays the numbers along the oval, evenly, whatever the size of the track.
function lay(track, buttons) {
  const [width, height] = [track.clientWidth, track.clientHeight];
  const margin = buttons[0].offsetHeight / 2 + 5;
  const r = height / 2 - margin;
  const side = width - 2 * margin - 2 * r;
  const length = 2 * side + 2 * Math.PI * r;
  buttons.forEach((button, index) => {
    let way = ((index + 0.5) / buttons.length) * length;
    let [x, y] = [0, 0];
    if (way < side) [x, y] = [margin + r + way, margin];
    else if ((way -= side) < Math.PI * r) [x, y] = [width - margin - r + r * Math.sin(way / r), height / 2 - r * Math.cos(way / r)];
    else if ((way -= Math.PI * r) < side) [x, y] = [width - margin - r - way, height - margin];
    else {
      way -= side;
      [x, y] = [margin + r - r * Math.sin(way / r), height / 2 + r * Math.cos(way / r)];
    }
    button.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
  });
}

// The five straight bets on a number and its neighbours, two on either side.
function neighbours(order, number) {
  const at = order.indexOf(number);
  return [-2, -1, 0, 1, 2].map((step) => [`straight-${order[(at + step + order.length) % order.length]}`, 1]);
}

const parse = (text) => text.split(" ").map((part) => [part.split(":")[0], Number(part.split(":")[1])]);

// `call(pairs, name)`: [spot key, chips] pairs that somebody asked for; `light(keys)` while they are pointed at.
export function racetrack(track, call, light) {
  const buttons = [...track.querySelectorAll("[data-neighbours]")];
  const order = buttons.map((button) => Number(button.dataset.neighbours));
  const pairsOf = (button) => ("call" in button.dataset ? parse(button.dataset.call) : neighbours(order, Number(button.dataset.neighbours)));
  const name = (button) => button.getAttribute("aria-label") ?? button.firstElementChild.textContent;
  const over = (event) => {
    const button = event.target.closest("button");
    const keys = button ? pairsOf(button).map(([key]) => key) : [];
    light(keys);
  };
  new ResizeObserver(() => lay(track, buttons)).observe(track);
  track.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) call(pairsOf(button), name(button));
  });
  track.addEventListener("pointerover", (event) => event.pointerType === "mouse" && over(event));
  track.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && over(event));
  for (const end of ["pointerleave", "focusout"]) track.addEventListener(end, () => light([]));
}

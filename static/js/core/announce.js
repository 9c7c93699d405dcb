// Says a result once to assistive technology.

const region = () => document.querySelector("[data-announce]");
let last = 0;

export function announce(text) {
  const node = region();
  if (!node) return;
  const turn = ++last;
  node.textContent = "";
  // A change from empty to text is what gets spoken, also when the same words come twice.
  setTimeout(() => {
    if (turn === last) node.textContent = text;
  }, 60);
}

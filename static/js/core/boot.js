// The page's one script: gives each [data-behaviour] element its module.
// `data-behaviour="spin chips"` loads imperio/behaviours/spin.js and chips.js; each default export is called with the element.

const started = new WeakMap();

async function start(element) {
  for (const name of element.dataset.behaviour.split(/\s+/).filter(Boolean)) {
    const names = started.get(element) ?? new Set();
    if (names.has(name)) continue;
    started.set(element, names.add(name));
    try {
      const module = await import(`imperio/behaviours/${name}.js`);
      await module.default(element);
    } catch (error) {
      // One broken behaviour must not take the page with it: the page works without any.
      console.error(`behaviour ${name}`, error);
    }
  }
}

// Starts every behaviour in `root`; call it after inserting markup of your own.
export function boot(root = document) {
  if (root instanceof Element && root.matches("[data-behaviour]")) start(root);
  root.querySelectorAll("[data-behaviour]").forEach(start);
}

boot();

// While a round is being shown nothing else may tell how it ends: balance, toasts and feeds wait until the stage is free.

let open = 0;
let waiting = [];

// Marks the start of a show; returns the function that ends it (calling it twice does no harm).
export function begin() {
  open += 1;
  let done = false;
  return () => {
    if (done) return;
    done = true;
    open -= 1;
    if (open > 0) return;
    const run = waiting;
    waiting = [];
    run.forEach((work) => work());
  };
}

// Runs `work` now, or when the running show has ended.
export function whenFree(work) {
  if (open === 0) work();
  else waiting.push(work);
}

export const busy = () => open > 0;

// Where the 157 spots lie. `u` runs from the zero (0) to the columns (14), `v` across: numbers 0 to 3 with 3-6-9 … first,
// dozens to 4, even chances to 5. On a phone the felt is turned and `u` runs down.

import { _ } from "imperio/core/i18n.js";

const row = (number) => Math.ceil(number / 3); // 1 to 12
const across = (number) => [0.5, 2.5, 1.5][number % 3];
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const OUTSIDE = ["low", "even", "red", "black", "odd", "high"];

// {u, v, du, dv} of a bet's spot: its middle and size in cells; a size of 0 is a line of the felt.
export function place({ type, numbers }) {
  const [kind, which] = type.split("_");
  if (kind === "column") return { u: 13.5, v: across(Number(which)), du: 1, dv: 1 };
  if (kind === "dozen") return { u: 4 * Number(which) - 1, v: 3.5, du: 4, dv: 1 };
  if (OUTSIDE.includes(type)) return { u: 2 * OUTSIDE.indexOf(type) + 2, v: 4.5, du: 2, dv: 1 };
  if (type === "straight") {
    const [number] = numbers;
    return number ? { u: row(number) + 0.5, v: across(number), du: 1, dv: 1 } : { u: 0.5, v: 1.5, du: 1, dv: 3 };
  }
  const rest = numbers.filter(Boolean);
  const u = numbers.includes(0) ? 1 : mean(rest.map(row)) + 0.5;
  // Streets, six lines and the first four lie on the edge towards the dozens.
  const v = type === "street" || type === "six_line" || type === "first_four" ? 3 : mean(rest.map(across));
  return { u, v, du: Number.isInteger(u) ? 0 : 1, dv: Number.isInteger(v) ? 0 : 1 };
}

const RED = new Set([1, 3, 5, 7, 9, 12, 14, 16, 18, 19, 21, 23, 25, 27, 30, 32, 34, 36]);

// The colours, as they are read out.
export const COLOURS = { red: _("red"), black: _("black"), green: _("green") };
export const colourOf = (number) => (number === 0 ? "green" : RED.has(number) ? "red" : "black");

const COVERS = {
  low: (n) => n <= 18, high: (n) => n > 18, even: (n) => n % 2 === 0, odd: (n) => n % 2 === 1,
  red: (n) => RED.has(n), black: (n) => !RED.has(n),
  column: (n, which) => n % 3 === which % 3, dozen: (n, which) => Math.ceil(n / 12) === which,
};

// The pockets that a bet covers.
export function covered({ type, numbers }) {
  if (numbers.length) return numbers;
  const [kind, which] = type.split("_");
  return Array.from({ length: 36 }, (_, index) => index + 1).filter((n) => COVERS[kind](n, Number(which)));
}

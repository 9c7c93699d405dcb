// The symbols, as they are read out.

import { _ } from "imperio/core/i18n.js";

export const FRUITS = { cherry: _("cherry"), apple: _("apple"), banana: _("banana"), lemon: _("lemon") };

// "Cherry, lemon, banana"
export function inWords(symbols) {
  const words = symbols.map((name) => FRUITS[name]).join(", ");
  return words[0].toUpperCase() + words.slice(1);
}

// The switch for sound; off until asked for.

import { _ } from "imperio/core/i18n.js";
import { setSound, soundOn } from "imperio/core/sound.js";

export default function sound(button) {
  const state = button.querySelector("[data-sound-state]");
  const show = () => {
    button.setAttribute("aria-pressed", String(soundOn()));
    if (state) state.textContent = soundOn() ? _("on") : _("off");
  };
  button.addEventListener("click", () => setSound(!soundOn()));
  document.addEventListener("imperio:sound", show);
  show();
}

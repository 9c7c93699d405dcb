// The stake of a hand or a race, set with chips or typed.

import { coins } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";
import { play as sound } from "imperio/core/sound.js";
import { toast } from "imperio/core/toast.js";

export class StakeForm {
  // `cost(stake)`: what it takes in all.
  constructor(form, table, cost) {
    this.form = form;
    this.table = table;
    this.cost = cost;
    this.input = form.elements.stake;
    this.button = form.querySelector("button:not([type=button])");
    form.querySelector(".chips").addEventListener("click", (event) => this.add(event.target.closest("[data-chip]")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.place();
    });
    this.input.addEventListener("input", () => this.write());
  }

  add(chip) {
    if (!chip) return;
    sound("chip");
    const [most, now] = [Number(this.input.max), Number(this.input.value) || 0];
    this.input.value = Math.min(most, this.fresh ? Number(chip.dataset.chip) : now + Number(chip.dataset.chip));
    this.fresh = false;
    this.write();
  }

  write() {
    if (!this.placed) this.button.textContent = _("Stake %(amount)s", { amount: coins(this.cost(Number(this.input.value) || 0)) });
  }

  async place() {
    const stake = Number(this.input.value);
    if (!Number.isInteger(stake) || stake < Number(this.input.min) || stake > Number(this.input.max)) {
      toast(_("A stake is %(min)s to %(max)s coins.", { min: coins(Number(this.input.min)), max: coins(Number(this.input.max)) }));
      return;
    }
    await this.table.ask("place_stake", { stake });
  }

  // `same`: what the others race for, so that one press joins them.
  show(open, mine, same = null) {
    if (open && this.form.hidden) this.fresh = true;
    this.form.hidden = !open;
    this.placed = Boolean(mine?.stake);
    if (same && !this.placed) this.input.value = same;
    this.input.readOnly = Boolean(same);
    if (this.placed) this.button.textContent = _("%(amount)s staked", { amount: coins(this.cost(mine.stake)) });
    else this.write();
  }
}

// What the scripts say, in the page's language: the page hands over the catalogue that its templates are written with.
//
//   _("Hosted by %(name)s", { name })     ngettext("%(num)s is new.", "%(num)s are new.", count)
//
// The texts are literals, so that they can be found; a percent sign of its own is written %%.

const { texts = {}, plurals = {}, forms = "" } = JSON.parse(document.getElementById("texts")?.textContent || "{}");
const PERIOD = 100; // from here on a number takes the form of one between 100 and 199

const fill = (text, values) => text.replace(/%(?:%|\((\w+)\)s)/g, (match, name) => (name ? values[name] : "%"));

export const _ = (text, values = {}) => fill(texts[text] ?? text, values);

// The text for so many: `num` is the number itself unless `values` writes it in another way.
export function ngettext(one, many, count, values = {}) {
  const form = forms[count < 2 * PERIOD ? count : PERIOD + (count % PERIOD)];
  return fill(plurals[one]?.[form] ?? (count === 1 ? one : many), { num: count, ...values });
}

// What happens at the table comes into sight, wherever one has scrolled to; who writes in the chat is left alone.

import { reduced } from "imperio/core/motion.js";

export function bringIntoSight(node, block = "nearest") {
  if (!node || document.activeElement?.closest("[data-chat-form]")) return;
  node.scrollIntoView({ block, behavior: reduced() ? "instant" : "smooth" });
}

// The chat drawer over /ws/chat. Messages are text and nothing else; the connection opens when the drawer is seen.

import { api } from "imperio/core/api.js";
import { confirm } from "imperio/core/dialog.js";
import { el, exactTime, icon } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";
import { connect } from "imperio/core/socket.js";
import { toast, toastError } from "imperio/core/toast.js";

const MOST = 200;

export default function chat(section) {
  const { room } = section.dataset;
  const me = document.documentElement.dataset.player;
  const list = section.querySelector("[data-chat-log]");
  const log = list.parentElement;
  const count = section.querySelector("[data-chat-members]");
  const state = section.querySelector("[data-chat-state]");
  const form = section.querySelector("[data-chat-form]");
  const members = new Set();

  const say = (text) => {
    state.textContent = text;
    state.hidden = !text;
  };
  const showMembers = () => {
    count.textContent = members.size ? _("%(count)s here", { count: members.size }) : "";
    count.title = [...members].sort().join(", ");
  };

  async function report(message) {
    const about = _("The house looks at what %(name)s wrote.", { name: message.username });
    if (!(await confirm(_("Report this message?"), about, _("Report"), "danger"))) return;
    try {
      await api.post(`/chat/messages/${encodeURIComponent(message.id)}/report`, {});
      toast(_("Thank you. The house will look at it."), { kind: "good" });
    } catch (error) {
      toastError(error);
    }
  }

  function line(message) {
    const mine = message.username === me;
    const item = el("li", { "data-key": message.id, title: exactTime(message.at) },
      el("span", { class: mine ? "chat__name chat__mine" : "chat__name" }, message.username), message.message);
    if (me && !mine) {
      const label = _("Report the message of %(name)s", { name: message.username });
      const button = el("button", { type: "button", class: "chat__report", "aria-label": label }, icon("flag"));
      button.addEventListener("click", () => report(message));
      item.append(button);
    }
    return item;
  }

  // Stays at the newest message unless the reader has scrolled up.
  function keepEnd(change) {
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    change();
    while (list.children.length > MOST) list.firstElementChild.remove();
    if (atEnd) log.scrollTop = log.scrollHeight;
  }

  function open() {
    const socket = connect("/ws/chat");
    const here = (fn) => (data) => data.room === room && fn(data);
    socket.onState(async (now) => {
      for (const control of form?.elements ?? []) control.disabled = now !== "open";
      if (now !== "open") return say(now === "away" ? _("The chat is away. It comes back by itself.") : _("Connecting …"));
      try {
        const { data } = await socket.request("join_chat", { room });
        keepEnd(() => list.replaceChildren(...data.recent_messages.map(line)));
        log.scrollTop = log.scrollHeight;
        if (!data.recent_messages.length) list.append(el("li", { class: "chat__event" }, _("Nobody has said anything yet. Good evening?")));
        members.clear();
        data.members.forEach((name) => members.add(name.username ?? name));
        showMembers();
        say("");
      } catch (error) {
        say(error.code === "not_authenticated" ? _("Log in to read along.") : error.detail);
      }
    });
    socket.on("chat_message", here((message) => keepEnd(() => {
      list.querySelector(".chat__event")?.remove();
      if (!list.querySelector(`[data-key="${CSS.escape(message.id)}"]`)) list.append(line(message));
    })));
    socket.on("message_removed", here(({ id }) => {
      const item = list.querySelector(`[data-key="${CSS.escape(id)}"]`);
      item?.replaceChildren(el("span", { class: "chat__event" }, _("Removed by the house.")));
    }));
    socket.on("user_joined_chat", here(({ username }) => members.add(username) && showMembers()));
    socket.on("user_left_chat", here(({ username }) => {
      members.delete(username);
      showMembers();
    }));
    form?.addEventListener("submit", async (event) => {
      event.preventDefault();
      const input = form.elements.message;
      const message = input.value.trim();
      if (!message) return;
      try {
        input.value = "";
        await socket.request("send_chat_message", { room, message });
      } catch (error) {
        input.value ||= message;
        say(error.code === "rate_limited" ? _("A little slower, please.") : error.detail);
        setTimeout(() => say(""), 4000);
      }
    });
  }

  const visible = () => section.getClientRects().length > 0;
  if (visible()) return open();
  document.addEventListener("imperio:drawer", function once() {
    if (!visible()) return;
    document.removeEventListener("imperio:drawer", once);
    open();
  });
}

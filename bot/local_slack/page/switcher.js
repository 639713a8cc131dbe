/** Ctrl+K: to any channel, app or person, and to what was said in the channels seen so far. */
import { h, fill } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./avatar.js";
import { author, displayName, state } from "./state.js";
import { clock, dateOf } from "./dates.js";
import { go } from "./route.js";
import { showDialog } from "./dialogs.js";

const MOST_MESSAGES = 12;

/** Opens the switcher over the page. */
export function openSwitcher() {
  if (document.querySelector("dialog[open]")) return;
  const list = h("div", { class: "options", role: "listbox", "aria-label": "Results" });
  const search = h("input", {
    type: "text",
    class: "switcher-input",
    placeholder: "Search channels and messages",
    "aria-label": "Search",
    autocomplete: "off",
    autofocus: true,
  });
  const dialog = h(
    "dialog",
    { class: "dialog switcher", "aria-label": "Search", "data-qa": "switcher" },
    h("div", { class: "switcher-head" }, icon("search"), search),
    list,
  );
  let active = 0;
  const draw = () => {
    const found = results(search.value.trim().toLowerCase());
    active = Math.max(0, Math.min(active, found.length - 1));
    fill(
      list,
      found.map((row, at) =>
        h(
          "div",
          {
            class: at === active ? "option active" : "option",
            role: "option",
            "aria-selected": String(at === active),
            onClick: () => take(row),
          },
          row.node,
          h("span", { class: "option-label" }, row.label),
          h("span", { class: "option-hint" }, row.hint),
        ),
      ),
      !found.length && h("div", { class: "options-none" }, "Nothing found"),
    );
    list.querySelector(".active")?.scrollIntoView({ block: "nearest" });
    return found;
  };
  const take = (row) => {
    dialog.close();
    row?.run();
  };
  search.addEventListener("input", draw);
  search.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      active += step;
      draw();
    } else if (event.key === "Enter") take(draw()[active]);
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  draw();
  showDialog(dialog);
}

function results(part) {
  const channels = [...state.channels.values()]
    .filter((channel) => channel.name.toLowerCase().includes(part))
    .map((channel) => ({
      label: channel.name,
      hint: channel.topic,
      node: channel.is_im && state.bot ? avatar(state.bot, "xs") : icon(channel.is_private ? "lock" : "hash"),
      run: () => go(channel.id),
    }));
  return part.length < 2 ? channels : [...channels, ...messageResults(part)];
}

function messageResults(part) {
  const seen = new Map();
  for (const [key, list] of [...state.messages, ...state.threads]) {
    const [channelId] = key.split(":");
    for (const message of list) seen.set(`${channelId}:${message.ts}`, { channelId, message });
  }
  return [...seen.values()]
    .filter(({ message }) => (message.text ?? "").toLowerCase().includes(part))
    .slice(-MOST_MESSAGES)
    .reverse()
    .map(({ channelId, message }) => ({
      label: message.text.slice(0, 120),
      hint: `${displayName(author(message))} · ${clock(dateOf(message.ts))}`,
      node: icon("reply"),
      run: () => go(channelId, { threadTs: message.thread_ts ?? message.ts }),
    }));
}

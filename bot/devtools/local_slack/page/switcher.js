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
  if (!document.querySelector("dialog[open]")) new Switcher().open();
}

class Switcher {
  #active = 0;
  #found = [];

  constructor() {
    this.list = h("div", { class: "options", role: "listbox", "aria-label": "Results" });
    this.search = h("input", {
      type: "text",
      class: "switcher-input",
      placeholder: "Search channels and messages",
      "aria-label": "Search",
      autocomplete: "off",
      autofocus: true,
      onInput: () => this.#draw(),
      onKeydown: (event) => this.#key(event),
    });
    const head = h("div", { class: "switcher-head" }, icon("search"), this.search);
    const attrs = { class: "dialog switcher", "aria-label": "Search", "data-qa": "switcher" };
    this.dialog = h("dialog", attrs, head, this.list);
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
  }

  open() {
    this.#draw();
    showDialog(this.dialog);
  }

  #draw() {
    this.#found = results(this.search.value.trim().toLowerCase());
    this.#active = Math.max(0, Math.min(this.#active, this.#found.length - 1));
    const nothing = !this.#found.length && h("div", { class: "options-none" }, "Nothing found");
    fill(
      this.list,
      this.#found.map((row, at) => this.#row(row, at === this.#active)),
      nothing,
    );
    this.list.querySelector(".active")?.scrollIntoView({ block: "nearest" });
  }

  #row(row, isActive) {
    const words = [h("span", { class: "option-label" }, row.label), h("span", { class: "option-hint" }, row.hint)];
    const attrs = { class: isActive ? "option active" : "option", role: "option", "aria-selected": String(isActive) };
    return h("div", { ...attrs, onClick: () => this.#take(row) }, row.node, words);
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.#active += step;
      this.#draw();
    } else if (event.key === "Enter") this.#take(this.#found[this.#active]);
  }

  #take(row) {
    this.dialog.close();
    row?.run();
  }
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

/** Completion while typing: /commands and shortcuts at the start, @people, :emoji:. */
import { h, fill, uid } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./avatar.js";
import { displayName, state } from "./state.js";
import { matchEmoji } from "./emoji.js";
import { BUILT_IN } from "./send.js";
import { runShortcut } from "./tools.js";

/** What could be completed at the caret: {from, entries: [{label, hint, node, insert | run}]}, or null. */
function suggestions(text, caret, inThread) {
  const before = text.slice(0, caret);
  const command = /^\/([\w-]*)$/.exec(before);
  if (command && !inThread) return { from: 0, entries: commandEntries(command[1].toLowerCase()) };
  const mention = /(?:^|[\s(])@([\p{L}\p{N}._-]*(?: [\p{L}\p{N}._-]*)?)$/u.exec(before);
  if (mention) return { from: caret - mention[1].length - 1, entries: peopleEntries(mention[1].toLowerCase()) };
  const channel = /(?:^|[\s(])#([\w-]*)$/.exec(before);
  if (channel) return { from: caret - channel[1].length - 1, entries: channelEntries(channel[1].toLowerCase()) };
  const emoji = /(?:^|\s):([a-z0-9_+-]{2,})$/.exec(before);
  if (emoji)
    return {
      from: caret - emoji[1].length - 1,
      entries: matchEmoji(emoji[1]).map(([name, char]) => ({ label: `:${name}:`, node: char, insert: `${char} ` })),
    };
  return null;
}

function commandEntries(part) {
  const botFace = () => (state.bot ? avatar(state.bot, "s") : icon("bolt"));
  const commands = state.commands.map((entry) => ({
    label: entry.command,
    usage: entry.usage_hint,
    hint: entry.description,
    node: botFace(),
    insert: `${entry.command} `,
  }));
  const own = BUILT_IN.map((entry) => ({
    label: entry.command,
    usage: entry.usage_hint,
    hint: entry.description,
    node: icon("hash"),
    insert: `${entry.command} `,
  }));
  const shortcuts = state.shortcuts
    .filter(({ type }) => type === "global")
    .map((entry) => ({ label: entry.name, hint: "Shortcut", node: icon("bolt"), run: () => runShortcut(entry) }));
  return [...commands, ...shortcuts, ...own].filter(({ label }) => label.toLowerCase().replace("/", "").includes(part));
}

function channelEntries(part) {
  return [...state.channels.values()]
    .filter((channel) => !channel.is_im && channel.name.includes(part))
    .map(({ name, topic, is_private: isPrivate }) => ({
      label: name,
      hint: topic,
      node: icon(isPrivate ? "lock" : "hash"),
      insert: `#${name} `,
    }));
}

function peopleEntries(part) {
  return [...state.people.values()]
    .filter((who) =>
      `${displayName(who)} ${who.name}`
        .toLowerCase()
        .split(/[\s.]+/)
        .some((_, at, words) => words.slice(at).join(" ").startsWith(part)),
    )
    .map((who) => ({
      label: displayName(who),
      hint: who.title,
      node: avatar(who, "s"),
      insert: `@${displayName(who)} `,
    }));
}

/**
 * Attaches completion to a textarea; `node` is the list to place in the composer, `key(event)` answers true for keys it
 * used up.
 */
export class Completion {
  #found = null;
  #active = 0;
  #off = -1;

  constructor(input, { inThread, onInsert }) {
    this.input = input;
    this.inThread = inThread;
    this.onInsert = onInsert;
    this.node = h("div", {
      class: "complete",
      role: "listbox",
      id: uid("complete"),
      "aria-label": "Suggestions",
      hidden: true,
      "data-qa": "complete",
    });
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.node.id);
    for (const type of ["input", "click", "focus"]) input.addEventListener(type, () => this.update());
    input.addEventListener("blur", () => this.hide());
    this.node.addEventListener("mousedown", (event) => event.preventDefault());
  }

  update() {
    const { value, selectionStart } = this.input;
    this.#found = suggestions(value, selectionStart, this.inThread);
    if (!this.#found?.entries.length || this.#found.from === this.#off) {
      if (!this.#found) this.#off = -1;
      this.hide();
      return;
    }
    this.#active = 0;
    this.#show();
  }

  hide() {
    this.node.hidden = true;
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (this.node.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const { entries, from } = this.#found;
    if (step) {
      this.#active = (this.#active + step + entries.length) % entries.length;
      this.#show();
    } else if (event.key === "Enter" || event.key === "Tab") this.#take(entries[this.#active]);
    else if (event.key === "Escape") {
      this.#off = from;
      this.hide();
    } else return false;
    event.preventDefault();
    return true;
  }

  #show() {
    fill(
      this.node,
      this.#found.entries.map((entry, at) =>
        h(
          "div",
          {
            class: at === this.#active ? "complete-row active" : "complete-row",
            role: "option",
            id: `${this.node.id}-${at}`,
            "aria-selected": String(at === this.#active),
            onClick: () => this.#take(entry),
          },
          h("span", { class: "complete-face" }, entry.node),
          h(
            "span",
            { class: "complete-label" },
            entry.label,
            entry.usage && h("span", { class: "complete-usage" }, ` ${entry.usage}`),
          ),
          h("span", { class: "complete-hint" }, entry.hint),
        ),
      ),
    );
    this.node.hidden = false;
    this.node.children[this.#active].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", `${this.node.id}-${this.#active}`);
  }

  #take(entry) {
    const { from } = this.#found;
    const caret = this.input.selectionStart;
    this.hide();
    this.input.setRangeText(entry.insert ?? "", from, caret, "end");
    this.input.focus();
    this.onInsert();
    entry.run?.();
  }
}

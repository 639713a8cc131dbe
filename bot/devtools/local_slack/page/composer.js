/** Where people type: formatting, completion, files, Enter to send. Drafts outlive a change of channel. */
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { botListens, displayName, on, state } from "./state.js";
import { EMOJI } from "./emoji.js";
import { openMenu, openPopover } from "./popover.js";
import { Completion } from "./complete.js";
import { Attachments } from "./attachments.js";
import { runShortcut } from "./tools.js";
import { send } from "./send.js";

const drafts = new Map();

/** A composer for a channel or, with `threadTs`, for a thread. */
export function composer({ channelId, threadTs = null }) {
  return new Composer(channelId, threadTs).node;
}

class Composer {
  #sending = false;

  constructor(channelId, threadTs) {
    this.channelId = channelId;
    this.threadTs = threadTs;
    this.draftKey = `${channelId}:${threadTs ?? ""}`;
    this.input = this.#makeInput();
    this.files = new Attachments(() => this.#refresh());
    this.complete = new Completion(this.input, { inThread: Boolean(threadTs), onInsert: () => this.#changed() });
    this.sendButton = h(
      "button",
      {
        type: "button",
        class: "send",
        "aria-label": "Send now",
        title: "Send now",
        "data-qa": threadTs ? "thread-send" : "send",
        onClick: () => this.#send(),
      },
      icon("send"),
    );
    this.banner = h(
      "div",
      { class: "connecting", role: "status", hidden: true, "data-qa": "connecting" },
      h("span", { class: "spinner" }),
      h("span", {}),
    );
    this.node = h("div", { class: "composer-wrap" }, this.banner, this.complete.node, this.#makeBox());
    on("connected channels", () => this.node.isConnected && this.#refresh());
    this.#changed();
    queueMicrotask(() => this.#refresh());
  }

  #makeInput() {
    const channel = state.channels.get(this.channelId);
    const words = this.threadTs ? "Reply…" : `Message ${channel?.is_im ? channel.name : `#${channel?.name ?? ""}`}`;
    const input = h("textarea", {
      class: "composer-input",
      rows: "1",
      placeholder: words,
      "aria-label": words,
      "data-qa": this.threadTs ? "thread-composer" : "composer",
      spellcheck: "true",
    });
    input.value = drafts.get(this.draftKey) ?? "";
    input.addEventListener("input", () => this.#changed());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("paste", (event) => this.#takeFiles(event, event.clipboardData));
    return input;
  }

  #makeBox() {
    const chooser = h("input", {
      type: "file",
      multiple: true,
      class: "visually-hidden",
      tabindex: "-1",
      "aria-hidden": "true",
      "data-qa": this.threadTs ? "thread-file" : "composer-file",
    });
    chooser.addEventListener("change", async () => {
      await this.files.add(chooser.files);
      chooser.value = "";
    });
    const plus = tool("plus", "Attach and shortcuts", (event) =>
      openMenu(event.currentTarget, this.#plusItems(chooser), { above: true, label: "Attach and shortcuts" }),
    );
    plus.classList.add("plus");
    const foot = h(
      "div",
      { class: "composer-foot" },
      plus,
      tool("emoji", "Emoji", (event) => this.#pickEmoji(event.currentTarget)),
      tool("at", "Mention someone", () => this.#type("@")),
      chooser,
      h("span", { class: "grow" }),
      this.sendButton,
    );
    const box = h("div", { class: "composer" }, this.#formatBar(), this.input, this.files.node, foot);
    box.addEventListener("dragover", (event) => event.preventDefault());
    box.addEventListener("drop", (event) => this.#takeFiles(event, event.dataTransfer));
    return box;
  }

  #formatBar() {
    const bar = h("div", { class: "format", role: "toolbar", "aria-label": "Formatting" });
    const wraps = [
      ["bold", "Bold", "*", "*"],
      ["italic", "Italic", "_", "_"],
      ["strike", "Strikethrough", "~", "~"],
      ["code", "Code", "`", "`"],
      ["codeblock", "Code block", "```\n", "\n```"],
    ];
    bar.append(
      ...wraps.map(([name, label, open, close]) => tool(name, label, () => this.#wrap(open, close))),
      tool("quote", "Blockquote", () => this.#prefix("> ")),
      tool("list", "Bulleted list", () => this.#prefix("• ")),
    );
    return bar;
  }

  #plusItems(chooser) {
    const shortcuts = state.shortcuts.filter(({ type }) => type === "global");
    return [
      { label: "Upload from your computer", node: icon("attach"), run: () => chooser.click() },
      ...(shortcuts.length ? [null, { heading: "Shortcuts" }] : []),
      ...shortcuts.map((shortcut) => ({
        label: shortcut.name,
        hint: state.bot && displayName(state.bot),
        node: icon("bolt"),
        qa: `shortcut-${shortcut.callback_id}`,
        run: () => runShortcut(shortcut),
      })),
    ];
  }

  #pickEmoji(anchor) {
    const seen = new Set();
    const grid = h(
      "div",
      { class: "emoji-grid", role: "menu", "aria-label": "Emoji" },
      [...EMOJI]
        .filter(([, char]) => !seen.has(char) && seen.add(char))
        .map(([name, char]) =>
          h(
            "button",
            {
              type: "button",
              role: "menuitem",
              "aria-label": name.replaceAll("_", " "),
              title: `:${name}:`,
              onClick: () => {
                close?.();
                this.#type(char);
              },
            },
            char,
          ),
        ),
    );
    const close = openPopover(anchor, grid, { above: true });
  }

  #takeFiles(event, data) {
    if (!data?.files.length) return;
    event.preventDefault();
    this.files.add(data.files);
  }

  #type(text) {
    this.input.setRangeText(text, this.input.selectionStart, this.input.selectionEnd, "end");
    this.input.focus();
    this.input.dispatchEvent(new Event("input"));
  }

  #wrap(open, close) {
    const { selectionStart: from, selectionEnd: to, value } = this.input;
    this.input.setRangeText(open + value.slice(from, to) + close, from, to, "end");
    if (from === to) this.input.setSelectionRange(from + open.length, from + open.length);
    this.input.focus();
    this.#changed();
  }

  #prefix(mark) {
    const { selectionStart: from, selectionEnd: to, value } = this.input;
    const start = value.lastIndexOf("\n", from - 1) + 1;
    this.input.setRangeText(value.slice(start, to).replace(/^/gm, mark), start, to, "end");
    this.input.focus();
    this.#changed();
  }

  #key(event) {
    if (event.isComposing || this.complete.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#send();
    }
  }

  #changed() {
    drafts.set(this.draftKey, this.input.value);
    this.input.style.height = "auto";
    requestAnimationFrame(() => {
      this.input.style.height = `${Math.min(this.input.scrollHeight, 240)}px`;
    });
    this.#refresh();
  }

  /** Slack's own limits: nothing empty is sent, nothing while files are on their way or the app cannot hear it. */
  #refresh() {
    if (!this.sendButton) return;
    const down = !state.online || (!state.connected && botListens(state.channels.get(this.channelId)));
    const name = state.bot ? displayName(state.bot) : "The app";
    this.banner.lastChild.textContent = state.online ? `${name} is connecting…` : "Reconnecting to the workspace…";
    this.banner.hidden = !down;
    this.node.classList.toggle("disabled", down);
    this.ready = !down && !this.#sending && !this.files.busy && (this.input.value.trim() !== "" || !this.files.empty);
    this.sendButton.disabled = !this.ready;
  }

  async #send() {
    if (!this.ready) return;
    const text = this.input.value.trim();
    const files = this.files.files;
    this.#sending = true;
    this.input.value = "";
    this.#changed();
    const sent = await send({ channelId: this.channelId, threadTs: this.threadTs, text, files });
    this.#sending = false;
    if (sent) this.files.clear();
    else if (!this.input.value) this.input.value = text;
    this.#changed();
  }
}

function tool(name, label, run) {
  return h(
    "button",
    {
      type: "button",
      class: "format-tool",
      "aria-label": label,
      title: label,
      onMousedown: (event) => event.preventDefault(),
      onClick: run,
    },
    icon(name),
  );
}

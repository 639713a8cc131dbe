/** The pane at the right: a message, its replies, and a composer of its own. */
import { h, fill } from "./dom.js";
import { icon } from "./icons.js";
import { currentChannel, displayName, on, state, threadKey } from "./state.js";
import { loadThread } from "./sync.js";
import { MessageLog, messageRows } from "./messages.js";
import { composer } from "./composer.js";
import { closeThread } from "./route.js";
import { toast } from "./toast.js";

/** The thread pane; hidden while no thread is open. */
export function threadPane() {
  return new ThreadPane().node;
}

class ThreadPane {
  #shown = null;

  constructor() {
    this.log = new MessageLog("Thread");
    this.place = h("span", { class: "thread-place" });
    this.status = h("div", { class: "thread-status", role: "status", "data-qa": "thread-status" });
    this.foot = h("div", { class: "composer-slot" });
    const closing = { "aria-label": "Close thread", "data-qa": "thread-close", onClick: closeThread };
    const close = h("button", { type: "button", class: "icon-button", ...closing }, icon("close"));
    this.node = h(
      "aside",
      { class: "thread", "aria-label": "Thread", "data-qa": "thread-pane", hidden: true },
      h("header", { class: "thread-head" }, h("h2", {}, "Thread"), this.place, close),
      this.log.frame,
      this.status,
      this.foot,
    );
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) closeThread();
    });
    on("thread", () => this.#draw());
    on("route", () => this.#follow());
    on("status route", () => this.#tell());
  }

  /** What the app says that it is doing in this thread, above the place to write. */
  #tell() {
    const words = state.statuses.get(threadKey(state.channelId, state.threadTs));
    this.status.hidden = !words;
    this.status.textContent = words && state.bot ? `${displayName(state.bot)} ${words}` : "";
  }

  #draw() {
    const { channelId, threadTs } = state;
    if (!threadTs) return;
    const messages = state.threads.get(threadKey(channelId, threadTs)) ?? [];
    this.log.show(messageRows(messages, { channelId, inThread: true, afterFirst: countRow(messages) }));
  }

  /** Shows the thread that the address names; the same one again is left as it is. */
  #follow() {
    const { channelId, threadTs, linkedTs } = state;
    const key = threadTs && threadKey(channelId, threadTs);
    const isNew = key && key !== this.#shown;
    this.#shown = key;
    this.node.hidden = !key;
    if (linkedTs && !isNew) this.log.toMessage(linkedTs);
    if (!isNew) return;
    this.place.textContent = channelWords();
    fill(this.foot, composer({ channelId, threadTs }));
    this.#draw();
    this.log.toEnd();
    if (linkedTs) this.log.toMessage(linkedTs);
    loadThread(channelId, threadTs).catch((error) => toast(`The thread could not be fetched: ${error.message}`));
  }
}

function channelWords() {
  const channel = currentChannel();
  return channel?.is_im ? channel.name : `# ${channel?.name ?? ""}`;
}

function countRow(messages) {
  const count = messages.filter((message, at) => at > 0 && !message.ephemeral).length;
  if (!count) return null;
  const words = `${count} ${count === 1 ? "reply" : "replies"}`;
  return {
    key: "count",
    sig: words,
    make: () => h("div", { class: "thread-count", role: "separator" }, h("span", {}, words)),
  };
}

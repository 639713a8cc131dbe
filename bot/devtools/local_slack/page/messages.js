/** A list of messages that sticks to its end: days are divided, messages of one author are grouped. */
import { h, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { dateOf, dayDivider, dayKey } from "./dates.js";
import { messageNode } from "./message.js";

const GROUP_SECONDS = 300;
const NEAR_END_PX = 60;

/**
 * The rows of some messages, for dom.reconcile. `afterFirst` makes a row to stand below the first message (a thread's
 * count of replies).
 */
export function messageRows(messages, { channelId, inThread = false, afterFirst = null }) {
  const rows = [];
  let before = null;
  for (const message of messages) {
    const date = dateOf(message.ts);
    if (!inThread && (!before || dayKey(dateOf(before.ts)) !== dayKey(date))) rows.push(dayRow(date));
    const grouped = !(inThread && before === messages[0]) && goesWith(before, message);
    rows.push({
      key: message.ts,
      sig: JSON.stringify([message, grouped, inThread]),
      make: () => messageNode(message, { channelId, grouped, inThread }),
    });
    if (before === null && afterFirst) rows.push(afterFirst);
    before = message;
  }
  return rows;
}

function dayRow(date) {
  const words = dayDivider(date);
  return {
    key: `day-${dayKey(date)}`,
    sig: words,
    make: () => h("div", { class: "day", role: "separator", "aria-label": words }, h("span", {}, words)),
  };
}

function goesWith(before, message) {
  if (!before || before.ephemeral || message.ephemeral) return false;
  const sameAuthor = before.user === message.user && before.bot_id === message.bot_id;
  return sameAuthor && !before.reply_count && Number(message.ts) - Number(before.ts) < GROUP_SECONDS;
}

/**
 * A scrolling log. `show(rows)` redraws it; it stays at its end while the reader is there, also when pictures load
 * late.
 */
export class MessageLog {
  #stuck = true;
  #top = 0;
  #wanted = null;

  constructor(label) {
    this.rows = h("div", { class: "rows" });
    this.intro = h("div", { class: "intro" });
    this.jump = h(
      "button",
      { type: "button", class: "jump", hidden: true, onClick: () => this.toEnd() },
      icon("chevron"),
      "Latest messages",
    );
    this.node = h("div", { class: "log", role: "log", "aria-label": label, tabindex: "0" }, this.intro, this.rows);
    this.frame = h("div", { class: "log-frame" }, this.node, this.jump);
    this.node.addEventListener("scroll", () => this.#scrolled());
    new ResizeObserver(() => this.#settle()).observe(this.rows);
    new ResizeObserver(() => this.#settle()).observe(this.node);
  }

  show(rows) {
    reconcile(this.rows, rows);
    this.#settle();
  }

  /** Scrolls to the newest message and stays there. */
  toEnd() {
    this.#stuck = true;
    this.#settle();
  }

  /** Shows one message, as soon as it is there, and leaves the reader at it. */
  toMessage(ts) {
    this.#wanted = ts;
    this.#settle();
  }

  /** Only a move upwards is the reader leaving the end: what grows below (a picture, a new message) is not. */
  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.node;
    const nearEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (nearEnd) this.#stuck = true;
    else if (scrollTop < this.#top) this.#stuck = false;
    this.#top = scrollTop;
    this.jump.hidden = this.#stuck;
  }

  #settle() {
    const wanted = this.#wanted && this.rows.querySelector(`[data-ts="${CSS.escape(this.#wanted)}"]`);
    if (wanted) {
      this.#wanted = null;
      this.#stuck = false;
      wanted.scrollIntoView({ block: "center" });
      wanted.focus({ preventScroll: true });
    }
    if (this.#stuck) this.node.scrollTop = this.node.scrollHeight;
    this.#top = this.node.scrollTop;
    this.jump.hidden = this.#stuck;
  }
}

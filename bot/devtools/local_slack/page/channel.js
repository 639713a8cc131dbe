/** The middle of the page: a channel's head, its messages and its composer, or the app's tabs. */
import { h, fill } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./avatar.js";
import { currentChannel, displayName, on, state } from "./state.js";
import { loadShown } from "./sync.js";
import { MessageLog, messageRows } from "./messages.js";
import { composer } from "./composer.js";
import { homePane } from "./home.js";
import { go } from "./route.js";
import { join } from "./send.js";

/** The channel pane. */
export function channelPane() {
  return new ChannelPane().node;
}

class ChannelPane {
  #footed = null;
  #routed = null;

  constructor() {
    this.head = h("header", { class: "channel-head" });
    this.log = new MessageLog("Messages");
    this.foot = h("div", { class: "composer-slot" });
    this.node = h("main", { class: "pane", "data-qa": "pane" }, this.head, homePane(), this.log.frame, this.foot);
    on("messages", () => this.#draw());
    on("channels", () => this.#frame());
    on("route", () => this.#follow());
  }

  #draw() {
    const { channelId } = state;
    this.log.show(messageRows(state.messages.get(channelId) ?? [], { channelId }));
  }

  /** Shows the channel that the address names, and fetches it when it is another one. */
  #follow() {
    const moved = this.#routed !== state.channelId;
    this.#routed = state.channelId;
    this.#frame();
    if (!moved) return;
    this.#draw();
    this.log.toEnd();
    loadShown();
  }

  /** What stands around the messages. The composer is replaced only when the channel or the membership changed. */
  #frame() {
    const channel = currentChannel();
    if (!channel) return;
    fill(this.head, channelHead(channel));
    fill(this.log.intro, intro(channel));
    this.log.frame.hidden = this.foot.hidden = state.tab === "home";
    const mayWrite = channel.is_member || channel.is_im;
    const key = `${channel.id}:${mayWrite}`;
    if (key === this.#footed) return;
    this.#footed = key;
    fill(this.foot, mayWrite ? composer({ channelId: channel.id }) : joinBar(channel));
    if (!state.threadTs && !document.querySelector("dialog[open]")) this.foot.querySelector("textarea")?.focus();
  }
}

function channelHead(channel) {
  if (channel.is_im)
    return [
      h(
        "div",
        { class: "head-line" },
        h("h1", {}, state.bot && avatar(state.bot, "s"), channel.name),
        h("span", { class: "app-badge" }, "APP"),
      ),
      tabs(channel),
    ];
  return h(
    "div",
    { class: "head-line" },
    h("h1", {}, icon(channel.is_private ? "lock" : "hash"), channel.name),
    channel.topic && h("span", { class: "topic", title: channel.topic }, channel.topic),
    h("span", { class: "grow" }),
    channel.bot_is_member &&
      state.bot &&
      h(
        "span",
        { class: "with-app", title: `${displayName(state.bot)} is in this channel` },
        avatar(state.bot, "xs"),
        displayName(state.bot),
      ),
  );
}

function tabs(channel) {
  const tab = (name, words) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        class: "tab",
        "aria-selected": String(state.tab === name),
        "data-qa": `tab-${name}`,
        onClick: () => go(channel.id, { tab: name }),
      },
      words,
    );
  return h(
    "div",
    { class: "tabs", role: "tablist", "aria-label": "App" },
    tab("home", "Home"),
    tab("messages", "Messages"),
  );
}

function intro(channel) {
  if (channel.is_im) {
    return [
      state.bot && avatar(state.bot, "xl"),
      h("p", {}, h("strong", {}, channel.name), " — the very beginning of your direct messages with the app."),
    ];
  }
  return [
    h("h2", {}, icon(channel.is_private ? "lock" : "hash"), channel.name),
    h("p", {}, `This is the very beginning of the #${channel.name} channel. ${channel.topic ?? ""}`),
  ];
}

function joinBar(channel) {
  return h(
    "div",
    { class: "join-bar" },
    h("p", {}, "You are viewing ", h("strong", {}, `#${channel.name}`)),
    h(
      "button",
      { type: "button", class: "button primary", "data-qa": "join", onClick: () => join(channel.id) },
      "Join Channel",
    ),
  );
}

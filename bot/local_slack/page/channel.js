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
  const head = h("header", { class: "channel-head" });
  const log = new MessageLog("Messages");
  const foot = h("div", { class: "composer-slot" });
  const home = homePane();
  const pane = h("main", { class: "pane", "data-qa": "pane" }, head, home, log.frame, foot);
  let shown = null;
  let routed = null;
  const draw = () => {
    const list = state.messages.get(state.channelId);
    log.frame.classList.toggle("loading", !list);
    log.show(messageRows(list ?? [], { channelId: state.channelId }));
  };
  const around = () => {
    const channel = currentChannel();
    if (!channel) return;
    fill(head, channelHead(channel));
    fill(log.intro, intro(channel));
    log.frame.hidden = foot.hidden = state.tab === "home";
  };
  const foots = () => {
    const channel = currentChannel();
    const key = channel && `${channel.id}:${channel.is_member}`;
    if (!key || key === shown) return;
    shown = key;
    fill(foot, channel.is_member || channel.is_im ? composer({ channelId: channel.id }) : joinBar(channel));
    if (!state.threadTs && !document.querySelector("dialog[open]")) foot.querySelector("textarea")?.focus();
  };
  on("messages", draw);
  on("channels", () => {
    around();
    foots();
  });
  on("route", () => {
    const moved = routed !== state.channelId;
    routed = state.channelId;
    around();
    foots();
    if (!moved) return;
    draw();
    log.toEnd();
    loadShown();
  });
  return pane;
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

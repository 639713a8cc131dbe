/** The left side: the rail with the person one acts as, the workspace's channels, the apps. */
import { h, fill, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./avatar.js";
import { displayName, on, state } from "./state.js";
import { post } from "./api.js";
import { go } from "./route.js";
import { openMenu } from "./popover.js";
import { askChannel } from "./dialogs.js";
import { openSwitcher } from "./switcher.js";
import { toastRefusal } from "./toast.js";

const ACTOR_KEY = "local-slack-acting-as";

/** The person that was chosen: ?as= first, else what this browser remembers; null when nobody was. */
export function rememberedActor() {
  return new URLSearchParams(location.search).get("as") ?? localStorage.getItem(ACTOR_KEY);
}

/** Goes on as another person: a fresh page, so that nothing of the former person's view is left. */
export function switchTo(userId) {
  localStorage.setItem(ACTOR_KEY, userId);
  const url = new URL(location.href);
  url.searchParams.set("as", userId);
  location.assign(url);
}

/** The narrow rail at the far left. */
export function rail() {
  const toChannel = () => document.querySelector(".channel[aria-current]")?.focus();
  const app =
    state.bot && railItem("apps", displayName(state.bot), { "data-qa": "rail-app", onClick: () => openApp("home") });
  return h(
    "nav",
    { class: "rail", "aria-label": "Workspace" },
    h("span", { class: "team-icon", "aria-hidden": "true" }, state.team.name.slice(0, 1).toUpperCase()),
    railItem("home", "Home", { class: "rail-item active", onClick: toChannel }),
    app,
    h("span", { class: "grow" }),
    personSwitch(),
  );
}

function railItem(name, words, attrs) {
  return h(
    "button",
    { type: "button", class: "rail-item", ...attrs },
    h("span", { class: "rail-icon" }, icon(name)),
    words,
  );
}

function personSwitch() {
  const words = `Acting as ${displayName(state.me)}`;
  const button = h("button", {
    type: "button",
    class: "rail-person",
    title: words,
    "aria-label": `${words}. Switch person`,
    "aria-haspopup": "menu",
    "aria-expanded": "false",
    "data-qa": "person-switch",
  });
  button.addEventListener("click", () =>
    openMenu(button, peopleItems(), { label: "Act as", className: "people-menu" }),
  );
  return fill(button, avatar(state.me, "l"), h("span", { class: "presence", "aria-hidden": "true" }));
}

function peopleItems() {
  const people = [...state.people.values()].filter((who) => !who.is_bot);
  return [
    { heading: "Act as" },
    ...people.map((who) => ({
      label: displayName(who),
      hint: who.title,
      node: avatar(who, "m"),
      qa: `person-${who.id}`,
      checked: who.id === state.me.id,
      run: () => switchTo(who.id),
    })),
  ];
}

function openApp(tab) {
  const direct = [...state.channels.values()].find((channel) => channel.is_im);
  if (direct) go(direct.id, { tab });
}

/** The list of channels and apps. */
export function sidebar() {
  const channels = h("div", { class: "channel-list" });
  const apps = h("div", { class: "channel-list" });
  const draw = () => {
    const all = [...state.channels.values()];
    reconcile(channels, all.filter((channel) => !channel.is_im).map(channelRow));
    reconcile(apps, all.filter((channel) => channel.is_im).map(channelRow));
    const unread = all.reduce((sum, channel) => sum + (channel.unread ?? 0), 0);
    const name = state.channels.get(state.channelId)?.name ?? "";
    document.title = `${unread ? `(${unread}) ` : ""}${name} - ${state.team.name} - Slack`;
  };
  on("channels route", draw);
  draw();
  return h(
    "nav",
    { class: "sidebar", "aria-label": "Channels and apps" },
    h("div", { class: "team" }, h("span", { class: "team-name" }, state.team.name)),
    h(
      "div",
      { class: "sidebar-scroll" },
      h("h2", { class: "sidebar-title" }, icon("chevron"), "Channels"),
      channels,
      h(
        "button",
        { type: "button", class: "channel add", "data-qa": "add-channel", onClick: createChannel },
        h("span", { class: "channel-mark plus-mark" }, icon("plus")),
        "Add channel",
      ),
      h("h2", { class: "sidebar-title" }, icon("chevron"), "Apps"),
      apps,
    ),
  );
}

function channelRow(channel) {
  const current = channel.id === state.channelId;
  const classes = ["channel", channel.unread && !current && "unread", !channel.is_member && "outside"]
    .filter(Boolean)
    .join(" ");
  return {
    key: channel.id,
    sig: JSON.stringify([channel, current]),
    make: () =>
      h(
        "a",
        {
          class: classes,
          href: `#${channel.id}`,
          "aria-current": current ? "page" : null,
          "data-qa": `channel-${channel.name}`,
        },
        channel.is_im
          ? avatar(state.bot ?? { name: channel.name }, "xs")
          : h("span", { class: "channel-mark" }, icon(channel.is_private ? "lock" : "hash")),
        h("span", { class: "channel-name" }, channel.name),
        channel.unread && !current
          ? h(
              "span",
              { class: "badge", "aria-label": `${channel.unread} unread` },
              channel.unread > 99 ? "99+" : channel.unread,
            )
          : null,
      ),
  };
}

async function createChannel() {
  const wanted = await askChannel();
  if (!wanted) return;
  const answer = await post("/local/channels", wanted);
  if (!answer.ok) return void toastRefusal(answer, "Creating the channel");
  if (answer.channel) {
    if (!state.channels.has(answer.channel.id)) state.channels.set(answer.channel.id, answer.channel);
    go(answer.channel.id);
  }
}

/** The bar across the top, with the way to any channel. */
export function topbar() {
  return h(
    "header",
    { class: "topbar" },
    h(
      "button",
      { type: "button", class: "topbar-search", "data-qa": "switcher-open", onClick: openSwitcher },
      icon("search"),
      h("span", {}, `Search ${state.team.name}`),
      h("kbd", {}, "Ctrl K"),
    ),
  );
}

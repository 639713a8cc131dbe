/** The page's composition root: who acts, what there is, then the panes and the stream of events. */
import { fill } from "./dom.js";
import { emit, state } from "./state.js";
import { actAs, listen } from "./api.js";
import { applyEvent, loadBoot, markRead, resync } from "./sync.js";
import { rail, rememberedActor, sidebar, switchTo, topbar } from "./sidebar.js";
import { channelPane } from "./channel.js";
import { threadPane } from "./thread.js";
import { modals } from "./modal.js";
import { openSwitcher } from "./switcher.js";
import { readRoute } from "./route.js";
import { h } from "./dom.js";

const RETRY_MS = 2000;

async function start() {
  const root = document.getElementById("app");
  actAs(rememberedActor());
  try {
    await loadBoot();
  } catch (error) {
    return cannotStart(root, error);
  }
  actAs(state.me.id);
  fill(
    root,
    topbar(),
    h("div", { class: "shell" }, rail(), sidebar(), h("div", { class: "panes" }, channelPane(), threadPane())),
  );
  modals();
  readRoute();
  addEventListener("hashchange", readRoute);
  document.addEventListener("visibilitychange", () => document.hidden || markRead());
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    openSwitcher();
  });
  follow();
}

/** Follows the stream of events; after each break everything shown is fetched anew, since events were missed. */
function follow() {
  let wasUp = false;
  listen({
    onEvent: applyEvent,
    onUp: () => {
      setOnline(true);
      // Messages may also have come between the first fetch and the stream's beginning.
      if (wasUp || state.messages.size) resync();
      wasUp = true;
    },
    onDown: () => setOnline(false),
  });
}

function setOnline(value) {
  state.online = value;
  emit("connected");
}

/** A remembered person may be gone; then the server's first person acts. Else the server is away: try again. */
function cannotStart(root, error) {
  if (rememberedActor() && /user_not_found/.test(error.message)) return switchTo("");
  fill(root, h("p", { class: "boot-note" }, `The local Slack does not answer (${error.message}). Trying again…`));
  setTimeout(start, RETRY_MS);
  return undefined;
}

start();

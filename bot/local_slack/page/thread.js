/** The pane at the right: a message, its replies, and a composer of its own. */
import { h, fill } from "./dom.js";
import { icon } from "./icons.js";
import { currentChannel, emit, on, state, threadKey } from "./state.js";
import { loadThread } from "./sync.js";
import { MessageLog, messageRows } from "./messages.js";
import { composer } from "./composer.js";
import { closeThread } from "./route.js";
import { toast } from "./toast.js";

/** The thread pane; hidden while no thread is open. */
export function threadPane() {
  const log = new MessageLog("Thread");
  const place = h("span", { class: "thread-place" });
  const foot = h("div", { class: "composer-slot" });
  const close = h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": "Close thread",
      "data-qa": "thread-close",
      onClick: closeThread,
    },
    icon("close"),
  );
  const pane = h(
    "aside",
    { class: "thread", "aria-label": "Thread", "data-qa": "thread-pane", hidden: true },
    h("header", { class: "thread-head" }, h("h2", {}, "Thread"), place, close),
    log.frame,
    foot,
  );
  let shown = null;
  const draw = () => {
    if (!state.threadTs) return;
    const messages = state.threads.get(threadKey(state.channelId, state.threadTs)) ?? [];
    log.show(messageRows(messages, { channelId: state.channelId, inThread: true, afterFirst: countRow(messages) }));
  };
  const route = () => {
    const key = state.threadTs && threadKey(state.channelId, state.threadTs);
    pane.hidden = !key;
    document.body.classList.toggle("with-thread", Boolean(key));
    place.textContent = key ? channelWords() : "";
    if (!key || key === shown) {
      shown = key;
      return;
    }
    shown = key;
    fill(foot, composer({ channelId: state.channelId, threadTs: state.threadTs }));
    draw();
    log.toEnd();
    loadThread(state.channelId, state.threadTs).catch((error) =>
      toast(`The thread could not be fetched: ${error.message}`),
    );
  };
  on("thread", draw);
  on("route", route);
  pane.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) closeThread();
  });
  route();
  emit("thread");
  return pane;
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

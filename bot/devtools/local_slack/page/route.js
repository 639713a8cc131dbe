/**
 * The address says what is shown, so that a reload and the back button keep it: #C1, #C1/thread/<ts>, #D1/home. A reply's
 * own address names it behind its thread: #C1/thread/<ts>/<ts of the reply>.
 */
import { emit, state } from "./state.js";

/** Shows a channel, with a thread beside it or one of the app's tabs. */
export function go(channelId, { threadTs = null, tab = "messages" } = {}) {
  const tail = threadTs ? `/thread/${threadTs}` : tab === "messages" ? "" : `/${tab}`;
  location.hash = `${channelId}${tail}`;
}

/** Opens a thread beside the channel shown. */
export function openThread(threadTs) {
  go(state.channelId, { threadTs });
}

/** Closes the thread pane. */
export function closeThread() {
  go(state.channelId);
}

/** Reads the address into the store; an unknown channel falls back to the first one that the person is in. */
export function readRoute() {
  const [channelId, word, ts, reply] = decodeURIComponent(location.hash.slice(1)).split("/");
  const known = state.channels.has(channelId);
  const first =
    [...state.channels.values()].find((channel) => channel.is_member) ?? state.channels.values().next().value;
  state.channelId = known ? channelId : (first?.id ?? null);
  state.threadTs = known && word === "thread" && ts ? ts : null;
  state.linkedTs = state.threadTs && reply ? reply : null;
  state.tab = known && word === "home" ? "home" : "messages";
  emit("route");
}

const HERE = new Set(["127.0.0.1", "localhost"]);

/** An address to follow: that of a message here leads to this page, by whichever name it was opened, as who acts now. */
export function followed(href) {
  const url = new URL(href);
  const here = HERE.has(url.hostname) && url.port === location.port && url.pathname.startsWith("/archives/");
  if (!here) return href;
  const place = new URL(url.pathname + url.search, location.origin);
  if (state.me) place.searchParams.set("as", state.me.id);
  return place.href;
}

/** The address of a message, to share. */
export function linkTo(channelId, message) {
  const url = new URL(location.href);
  const first = message.thread_ts ?? message.ts;
  url.hash = `${channelId}/thread/${first}${first === message.ts ? "" : `/${message.ts}`}`;
  url.searchParams.delete("as");
  return url.href;
}

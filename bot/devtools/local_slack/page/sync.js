/** Keeps the store equal to the server: fetches what is looked at, and applies the stream of events. */
import { boot, emit, on, state, threadKey } from "./state.js";
import { get } from "./api.js";
import { serverToast, toast } from "./toast.js";
import { applyView } from "./views.js";

const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts;
const byTs = (a, b) => Number(a.ts) - Number(b.ts) || (a.ts < b.ts ? -1 : 1);

/** Fetches who and what there is; answers when the store holds it. */
export async function loadBoot() {
  boot(await get("/local/boot"));
  markRead();
  for (const topic of ["channels", "connected", "views"]) emit(topic);
}

/** Fetches a channel's messages. Notes that only this client shows stay among them. */
async function loadChannel(channelId) {
  const { messages } = await get("/local/messages", { channel: channelId });
  state.messages.set(channelId, withNotes(messages, state.messages.get(channelId)));
  emit("messages");
}

/** Fetches a thread: its parent and all replies. */
export async function loadThread(channelId, threadTs) {
  const { messages } = await get("/local/messages", { channel: channelId, thread_ts: threadTs });
  const key = threadKey(channelId, threadTs);
  state.threads.set(key, withNotes(messages, state.threads.get(key)));
  emit("thread");
}

function withNotes(fetched, before = []) {
  const known = new Set(fetched.map(({ ts }) => ts));
  return [...fetched, ...before.filter((message) => message.ephemeral && !known.has(message.ts))].sort(byTs);
}

/** Fetches what is on the screen. A failure is said; the reconnecting event stream fetches it again. */
export async function loadShown() {
  const { channelId, threadTs } = state;
  if (!channelId) return;
  markRead();
  try {
    await Promise.all([loadChannel(channelId), threadTs && loadThread(channelId, threadTs)]);
  } catch (error) {
    toast(`The messages could not be fetched: ${error.message}`);
  }
}

/** After the event stream was down: everything may have changed meanwhile. */
export async function resync() {
  try {
    await loadBoot();
  } catch (error) {
    toast(`The workspace could not be fetched: ${error.message}`);
    return;
  }
  for (const id of [...state.messages.keys()]) if (id !== state.channelId) state.messages.delete(id);
  const shown = threadKey(state.channelId, state.threadTs);
  for (const key of [...state.threads.keys()]) if (key !== shown) state.threads.delete(key);
  await loadShown();
}

/** What is on the screen counts as read. */
export function markRead() {
  const channel = state.channels.get(state.channelId);
  if (!channel?.unread) return;
  channel.unread = 0;
  emit("channels");
}

let left = null;

/** The server counts a channel as read when it is fetched: the channel that is left was read up to now. */
function markLeft() {
  if (left && left !== state.channelId && state.channels.get(left)?.is_member)
    get("/local/messages", { channel: left }).catch(() => null);
  left = state.channelId;
  markRead();
}

on("route", markLeft);

const HANDLERS = {
  message: ({ channel, message }) => addMessage(channel, message),
  ephemeral: ({ channel, thread_ts: threadTs, message }) => addNote(channel, message, threadTs ?? message.thread_ts),
  message_changed: ({ channel, message }) => changeMessage(channel, message),
  message_deleted: ({ channel, ts }) => removeMessage(channel, ts),
  channel: ({ channel }) => changeChannel(channel),
  connected: ({ value }) => setConnected(value),
  home: ({ view }) => setHome(view),
  view: ({ view, how }) => applyView(view, how),
  toast: ({ text }) => serverToast(text),
  status: ({ channel, thread_ts, status }) => {
    state.statuses.set(threadKey(channel, thread_ts), status);
    emit("status");
  },
};

/**
 * Applies one event of the server's stream; kinds that this page does not know are ignored, so that the server may
 * grow.
 */
export function applyEvent(event) {
  HANDLERS[event.type]?.(event);
}

/** Puts a message into a list by its ts; the same ts replaces. Lists that were never fetched stay unfetched. */
function place(lists, key, message) {
  const list = lists.get(key);
  if (!list) return;
  const rest = list.filter(({ ts }) => ts !== message.ts);
  lists.set(key, [...rest, message].sort(byTs));
}

function addMessage(channelId, message) {
  if (isReply(message)) {
    place(state.threads, threadKey(channelId, message.thread_ts), message);
    countReply(channelId, message);
  }
  if (!isReply(message) || message.subtype === "thread_broadcast") {
    place(state.messages, channelId, message);
    countUnread(channelId, message);
  }
  emit("messages");
  emit("thread");
}

/** The parent shows one more reply. A server that sends the changed parent itself is not counted twice. */
function countReply(channelId, reply) {
  const parent = state.messages.get(channelId)?.find(({ ts }) => ts === reply.thread_ts);
  if (!parent || Number(parent.latest_reply ?? 0) >= Number(reply.ts)) return;
  const users = [...new Set([...(parent.reply_users ?? []), reply.user])];
  changeMessage(channelId, {
    ...parent,
    thread_ts: parent.ts,
    reply_count: (parent.reply_count ?? 0) + 1,
    reply_users: users,
    latest_reply: reply.ts,
  });
}

function countUnread(channelId, message) {
  const channel = state.channels.get(channelId);
  if (!channel || message.user === state.me.id || (channelId === state.channelId && !document.hidden)) return;
  channel.unread = (channel.unread ?? 0) + 1;
  emit("channels");
}

/** A message that only this person sees, from the app or from this client itself. */
export function addNote(channelId, message, threadTs) {
  const note = { ...message, ephemeral: true };
  if (threadTs) {
    const key = threadKey(channelId, threadTs);
    if (!state.threads.has(key)) state.threads.set(key, []);
    place(state.threads, key, note);
  } else {
    place(state.messages, channelId, note);
  }
  emit("messages");
  emit("thread");
}

function changeMessage(channelId, message) {
  const swap = (list) =>
    list.map((old) => (old.ts === message.ts ? { ...message, ephemeral: message.ephemeral ?? old.ephemeral } : old));
  const list = state.messages.get(channelId);
  if (list) state.messages.set(channelId, swap(list));
  const key = threadKey(channelId, message.thread_ts ?? message.ts);
  if (state.threads.has(key)) state.threads.set(key, swap(state.threads.get(key)));
  emit("messages");
  emit("thread");
}

/** Takes a message away, here and in the count of its thread. */
export function removeMessage(channelId, ts) {
  const without = (list) => list.filter((message) => message.ts !== ts);
  const list = state.messages.get(channelId) ?? [];
  state.messages.set(channelId, without(list));
  for (const [key, thread] of state.threads) {
    if (!key.startsWith(`${channelId}:`) || !thread.some((message) => message.ts === ts)) continue;
    const wasNote = thread.find((message) => message.ts === ts).ephemeral;
    state.threads.set(key, without(thread));
    if (!wasNote && thread[0]?.ts !== ts) loadChannel(channelId).catch((error) => toast(error.message));
  }
  emit("messages");
  emit("thread");
}

function changeChannel(channel) {
  const before = state.channels.get(channel.id);
  state.channels.set(channel.id, { ...before, ...channel, unread: before?.unread ?? channel.unread ?? 0 });
  emit("channels");
}

function setConnected(value) {
  state.connected = value;
  emit("connected");
}

function setHome(view) {
  state.home = view;
  emit("home");
}

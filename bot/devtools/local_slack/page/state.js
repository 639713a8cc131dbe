/** What the page knows, and who wants to hear when it changes. Modules read `state` and never each other. */

export const state = {
  team: { id: "", name: "" },
  me: null,
  bot: null,
  people: new Map(),
  channels: new Map(),
  commands: [],
  shortcuts: [],
  connected: true,
  online: true,
  channelId: null,
  threadTs: null,
  linkedTs: null,
  tab: "messages",
  messages: new Map(),
  threads: new Map(),
  statuses: new Map(),
  home: null,
  views: [],
};

const target = new EventTarget();

/**
 * Calls `fn` whenever one of `topics` was emitted. Topics: channels, messages, thread, status, route, connected,
 * home, views.
 */
export function on(topics, fn) {
  for (const topic of topics.split(" ")) target.addEventListener(topic, fn);
}

/** Tells everyone who listens on `topic`. */
export function emit(topic) {
  target.dispatchEvent(new Event(topic));
}

/** Fills the store from the server's boot answer. */
export function boot(data) {
  state.team = data.team;
  state.me = data.me;
  state.bot = data.bot;
  state.people = new Map([...data.people, data.bot].filter(Boolean).map((person) => [person.id, person]));
  state.channels = new Map(data.channels.map((channel) => [channel.id, channel]));
  state.commands = data.commands ?? [];
  state.shortcuts = data.shortcuts ?? [];
  state.connected = data.connected;
  state.views = data.views ?? [];
}

/** The person with this id; an unknown one gets a presentable stand-in, as Slack shows people of other workspaces. */
export function person(id) {
  const known = state.people.get(id);
  if (known) return known;
  return { id, name: id ?? "unknown", real_name: id ?? "Unknown", color: "#6b6b6b", initials: "?", is_bot: false };
}

/** The name to show: the real name, or the handle. */
export function displayName(who) {
  return who.real_name || who.name;
}

const SLACKBOT = {
  id: "USLACKBOT",
  name: "slackbot",
  real_name: "Slackbot",
  color: "#4a154b",
  initials: "S",
  is_bot: false,
};

/** Who wrote a message, as a person: a bot's own profile wins over what the message says. */
export function author(message) {
  if (message.user === SLACKBOT.id) return SLACKBOT;
  const known = state.people.get(message.user) ?? (message.bot_id && state.bot ? state.bot : null);
  if (known) return known;
  const name = message.username ?? message.bot_profile?.name;
  return name
    ? { ...person(message.user), name, real_name: name, initials: name.slice(0, 2).toUpperCase() }
    : person(message.user);
}

/** The channel shown at present, or null. */
export function currentChannel() {
  return state.channels.get(state.channelId) ?? null;
}

/** The key under which a thread's messages are held. */
export function threadKey(channelId, threadTs) {
  return `${channelId}:${threadTs}`;
}

/** True when the bot takes part in the channel, so that what is said there reaches it. */
export function botListens(channel) {
  return Boolean(channel && (channel.is_im || channel.bot_is_member));
}

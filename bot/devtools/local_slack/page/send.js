/** Sends what was typed: as a message, or as a slash command, with the answers of Slack's own Slackbot. */
import { displayName, state } from "./state.js";
import { post } from "./api.js";
import { addNote } from "./sync.js";
import { toastRefusal } from "./toast.js";
import { go } from "./route.js";

const ALL_COMMANDS = 'In Slack, all messages that start with the "/" character are interpreted as commands.';

/** Commands that Slack itself has. */
export const BUILT_IN = [
  { command: "/invite", description: "Add the app to this channel", usage_hint: "@app" },
  { command: "/join", description: "Open a channel and join it", usage_hint: "#channel" },
];

/**
 * Sends `text` and uploaded `files` (file objects) to a channel or thread. Answers true when they left the composer for
 * good.
 */
export async function send({ channelId, threadTs, text, files }) {
  const command = /^\/[\w-]+/.exec(text);
  if (command && !files.length)
    return runCommand({ channelId, threadTs, command: command[0], text: text.slice(command[0].length).trim() });
  const body = {
    channel: channelId,
    text: withMentions(text),
    thread_ts: threadTs ?? undefined,
    files: files.map(({ id }) => id),
  };
  const answer = await post("/local/message", body);
  if (!answer.ok) toastRefusal(answer, "Sending");
  else if (body.text.includes(`<@${state.bot?.id}>`)) proposeInvite(channelId, threadTs);
  return answer.ok;
}

/** Typed @Name and #channel tokens as Slack sends them: <@U…>, <#C…>. */
function withMentions(text) {
  const people = [...state.people.values()].flatMap((who) =>
    [displayName(who), who.name].map((name) => [name, who.id]),
  );
  const channels = [...state.channels.values()]
    .filter(({ is_im: isDirect }) => !isDirect)
    .map(({ name, id }) => [name, id]);
  return withTokens(withTokens(text, "@", people), "#", channels);
}

/** Replaces each mark + name by <mark + id>. The longest name wins, so that @Ann Lee is not read as @Ann. */
function withTokens(text, mark, pairs) {
  const ids = new Map(pairs.filter(([name]) => name).map(([name, id]) => [name.toLowerCase(), id]));
  const names = [...ids.keys()]
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (!names.length) return text;
  const token = new RegExp(`(?<![\\w<])${mark}(${names.join("|")})(?![\\w-])`, "gi");
  return text.replace(token, (_, name) => `<${mark}${ids.get(name.toLowerCase())}>`);
}

async function runCommand({ channelId, threadTs, command, text }) {
  if (command === "/invite" && !threadTs) return inviteBot(channelId);
  if (command === "/join" && !threadTs) return joinNamed(channelId, text.replace(/^#/, ""));
  const known = state.commands.some((entry) => entry.command === command);
  if (!known) {
    slackbot(channelId, threadTs, `\`${command}\` is not a valid command. ${ALL_COMMANDS}`);
    return false;
  }
  const answer = await post("/local/command", {
    channel: channelId,
    command,
    text: withMentions(text),
    thread_ts: threadTs ?? undefined,
  });
  if (answer.ok) return true;
  if (answer.error === "thread_not_supported")
    slackbot(channelId, threadTs, `\`${command}\` is not supported in threads. Sorry!`);
  else if (answer.error === "operation_timeout")
    slackbot(channelId, threadTs, `\`${command}\` failed with the error "operation_timeout"`);
  else toastRefusal(answer, command);
  return false;
}

async function inviteBot(channelId) {
  const answer = await post("/local/invite_bot", { channel: channelId });
  if (!answer.ok) toastRefusal(answer, "Inviting the app");
  return answer.ok;
}

async function joinNamed(channelId, name) {
  const channel = [...state.channels.values()].find((entry) => entry.name === name);
  if (!channel) {
    slackbot(channelId, null, `There is no channel named #${name}.`);
    return false;
  }
  return join(channel.id);
}

/** Joins a channel and shows it. */
export async function join(channelId) {
  const answer = await post("/local/join", { channel: channelId });
  if (answer.ok) go(channelId);
  else toastRefusal(answer, "Joining");
  return answer.ok;
}

/** Slack's hint after somebody mentions an app that is not in the channel. */
function proposeInvite(channelId, threadTs) {
  const channel = state.channels.get(channelId);
  if (!channel || channel.is_im || channel.bot_is_member) return;
  slackbot(channelId, threadTs, `You mentioned <@${state.bot.id}>, but they’re not in this channel.`, [
    { label: "Invite Them", run: () => inviteBot(channelId) },
  ]);
}

/** A note from Slackbot, only in this client, as Slack's own client writes them. */
function slackbot(channelId, threadTs, text, localActions) {
  const ts = (Date.now() / 1000).toFixed(6);
  addNote(
    channelId,
    {
      type: "message",
      ts,
      thread_ts: threadTs ?? undefined,
      user: "USLACKBOT",
      text,
      localActions,
    },
    threadTs,
  );
}

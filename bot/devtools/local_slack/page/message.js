/**
 * Draws one message: who, when, its blocks or text, files, reactions, the bar of its replies, and the toolbar on hover.
 */
import { busyWhile, h } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./avatar.js";
import { author, displayName, person, state } from "./state.js";
import { clock, dateOf, fullMoment, lastReply } from "./dates.js";
import { blockNodes } from "./blocks.js";
import { emojiNode, mrkdwn } from "./inline.js";
import { parseMrkdwn } from "./mrkdwn.js";
import { messageSurface } from "./surface.js";
import { filesOf } from "./files.js";
import { messageTools } from "./tools.js";
import { openThread } from "./route.js";
import { removeMessage } from "./sync.js";

const FACES_SHOWN = 5;

/** A message's node. `grouped`: it follows one of the same author, so it shows no head. `inThread`: no reply bar. */
export function messageNode(message, { channelId, grouped = false, inThread = false }) {
  const who = author(message);
  const kind = message.ephemeral ? "ephemeral" : "message";
  return h(
    "article",
    {
      class: `message ${grouped ? "grouped" : ""} ${message.ephemeral ? "note" : ""}`,
      "data-qa": kind,
      "data-ts": message.ts,
      "data-user": who.id,
      "aria-label": `${displayName(who)}, ${fullMoment(dateOf(message.ts))}`,
      tabindex: "-1",
    },
    h("div", { class: "gutter" }, grouped ? stamp(message, "gutter-time") : avatar(who)),
    h(
      "div",
      { class: "message-main" },
      message.ephemeral && h("div", { class: "only-you" }, icon("eye"), "Only visible to you"),
      !grouped && head(message, who),
      body(message, channelId),
      filesOf(message),
      reactions(message),
      localActions(message, channelId),
      message.ephemeral &&
        h(
          "button",
          { type: "button", class: "link-button dismiss", onClick: () => removeMessage(channelId, message.ts) },
          "Dismiss",
        ),
      !inThread && replyBar(message),
    ),
    !message.ephemeral && messageTools(message, { channelId, inThread }),
  );
}

function head(message, who) {
  return h(
    "div",
    { class: "message-head" },
    h("span", { class: "message-name" }, displayName(who)),
    (who.is_bot || message.bot_id) && h("span", { class: "app-badge" }, "APP"),
    stamp(message, "message-time"),
  );
}

function stamp(message, className) {
  const date = dateOf(message.ts);
  const text = className === "gutter-time" ? clock(date).replace(/ [AP]M$/, "") : clock(date);
  return h("time", { class: className, datetime: date.toISOString(), title: fullMoment(date) }, text);
}

function body(message, channelId) {
  const edited =
    message.edited && h("span", { class: "edited", title: fullMoment(dateOf(message.edited.ts)) }, " (edited)");
  if (message.subtype === "tombstone") return h("div", { class: "tombstone" }, "This message was deleted.");
  if (message.blocks?.length && !isTyped(message))
    return h("div", { class: "message-blocks" }, blockNodes(messageSurface(channelId, message)), edited);
  if (!message.text) return edited || null;
  const text = mrkdwn(message.text);
  if (onlyEmoji(message.text)) text.classList.add("jumbo");
  if (edited) text.append(edited);
  return text;
}

/** What a person typed comes with a rich_text copy that has lost the marks; the text itself still holds them. */
function isTyped(message) {
  return !message.bot_id && message.blocks.length === 1 && message.blocks[0].type === "rich_text";
}

function onlyEmoji(text) {
  const nodes = parseMrkdwn(text).filter((node) => !(node.t === "text" && !node.v.trim()));
  return nodes.length > 0 && nodes.length < 24 && nodes.every((node) => node.t === "emoji");
}

function reactions(message) {
  if (!message.reactions?.length) return null;
  return h(
    "div",
    { class: "reactions" },
    message.reactions.map((reaction) =>
      h(
        "span",
        {
          class: reaction.users?.includes(state.me.id) ? "reaction mine" : "reaction",
          title: (reaction.users ?? []).map((id) => displayName(person(id))).join(", "),
        },
        emojiNode(reaction.name),
        h("span", { class: "reaction-count" }, reaction.count ?? reaction.users.length),
      ),
    ),
  );
}

/** Buttons of notes that this client wrote itself (an invitation that it proposes, say); what worked needs no note. */
function localActions(message, channelId) {
  if (!message.localActions) return null;
  const take = async (button, run) => {
    if (await busyWhile(button, run)) removeMessage(channelId, message.ts);
  };
  return h(
    "div",
    { class: "actions" },
    message.localActions.map(({ label, run }) =>
      h(
        "button",
        { type: "button", class: "button primary", onClick: (event) => take(event.currentTarget, run) },
        label,
      ),
    ),
  );
}

function replyBar(message) {
  if (!message.reply_count) return null;
  const users = message.reply_users ?? [];
  const count = `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`;
  return h(
    "button",
    { type: "button", class: "reply-bar", "data-qa": "reply-bar", onClick: () => openThread(message.ts) },
    h(
      "span",
      { class: "reply-faces" },
      users.slice(0, FACES_SHOWN).map((id) => avatar(person(id), "s")),
    ),
    h("span", { class: "reply-count" }, count),
    message.latest_reply &&
      h(
        "span",
        { class: "reply-last" },
        h(
          "span",
          { class: "reply-when" },
          `Last reply ${lastReply(dateOf(message.latest_reply)).replace(/^T|^Y/, (c) => c.toLowerCase())}`,
        ),
        h("span", { class: "reply-view" }, "View thread"),
      ),
    icon("right", "reply-chevron"),
  );
}

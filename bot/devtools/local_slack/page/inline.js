/** Draws the text nodes of mrkdwn.js and markdown.js. */
import { h } from "./dom.js";
import { displayName, person, state } from "./state.js";
import { emojiFor } from "./emoji.js";
import { safeUrl } from "./entities.js";
import { formatDate, fullMoment } from "./dates.js";
import { parseMrkdwn } from "./mrkdwn.js";
import { followed } from "./route.js";

/** Slack's mrkdwn as a `div.text`. */
export function mrkdwn(text, options) {
  return h("div", { class: "text" }, drawAll(parseMrkdwn(text, options)));
}

/** A Slack text object (plain_text or mrkdwn) as a `div.text`. */
export function textObject(object, attrs = {}) {
  if (!object) return null;
  if (object.type === "mrkdwn") return h("div", { class: "text", ...attrs }, drawAll(parseMrkdwn(object.text, object)));
  return h("div", { class: "text", ...attrs }, plainText(object));
}

/** The nodes of a plain_text object: nothing is formatted, but emoji names are. */
export function plainText(object) {
  const text = typeof object === "string" ? object : (object?.text ?? "");
  if (object?.emoji === false) return [text];
  return text
    .split(/(:[a-z0-9_+'-]+:)/)
    .filter(Boolean)
    .map((part) => {
      const known = part.length > 2 && part.startsWith(":") && part.endsWith(":") ? emojiFor(part.slice(1, -1)) : null;
      return known ? emojiNode(part.slice(1, -1)) : part;
    });
}

/** A plain_text object as a string, with emoji names replaced: for labels and accessible names. */
export function plainString(object) {
  return plainText(object)
    .map((part) => (part instanceof Node ? part.textContent : part))
    .join("");
}

/** Draws a list of nodes. */
export function drawAll(nodes) {
  return nodes.map(draw);
}

const DRAW = {
  text: (n) => n.v,
  br: () => h("br"),
  b: (n) => h("strong", {}, drawAll(n.c)),
  i: (n) => h("em", {}, drawAll(n.c)),
  s: (n) => h("del", {}, drawAll(n.c)),
  u: (n) => h("u", {}, drawAll(n.c)),
  code: (n) => h("code", {}, n.v),
  pre: (n) => h("pre", { tabindex: "0" }, h("code", {}, n.v)),
  quote: (n) => h("blockquote", {}, drawAll(n.c)),
  p: (n) => h("p", {}, drawAll(n.c)),
  h: (n) =>
    h("div", { class: `md-h md-h${n.level}`, role: "heading", "aria-level": String(n.level + 2) }, drawAll(n.c)),
  hr: () => h("hr"),
  li: (n) =>
    h(
      "div",
      { class: "li", style: { "--depth": n.depth } },
      h("span", { class: "li-mark" }, n.mark),
      h("div", {}, drawAll(n.c)),
    ),
  link: drawLink,
  user: (n) => drawPerson(n),
  channel: (n) => drawChannel(n),
  group: (n) => h("span", { class: "mention" }, n.label ?? `@${n.id}`),
  broadcast: (n) => h("span", { class: "mention mention-all" }, `@${n.label?.replace(/^@/, "") ?? n.range}`),
  date: drawDate,
  emoji: (n) => emojiNode(n.name),
  table: drawTable,
};

/** Draws one node; an unknown kind shows as its text. */
export function draw(node) {
  const make = DRAW[node.t];
  return make ? make(node) : String(node.v ?? "");
}

function drawLink(node) {
  const href = safeUrl(node.href);
  if (!href) return h("span", {}, drawAll(node.c));
  return h("a", { href: followed(href), target: "_blank", rel: "noopener noreferrer" }, drawAll(node.c));
}

function drawPerson({ id, label }) {
  const known = state.people.get(id);
  const mine = state.me?.id === id;
  const name = known ? displayName(known) : (label ?? displayName(person(id)));
  return h(
    "span",
    { class: mine ? "mention mention-me" : "mention", title: known?.title, "data-user": id },
    `@${name}`,
  );
}

function drawChannel({ id, label }) {
  const known = state.channels.get(id);
  const name = known?.name ?? label ?? id;
  return known ? h("a", { class: "mention", href: `#${id}` }, `#${name}`) : h("span", { class: "mention" }, `#${name}`);
}

function drawDate(node) {
  const words = formatDate(node.seconds, node.format) ?? node.label ?? "";
  const stamp = h("time", { title: fullMoment(new Date(node.seconds * 1000)) }, words);
  const href = node.href && safeUrl(node.href);
  return href ? h("a", { href, target: "_blank", rel: "noopener noreferrer" }, stamp) : stamp;
}

/** An emoji by name; an unknown one keeps its :colons:. */
export function emojiNode(name) {
  const char = emojiFor(name);
  if (!char) return `:${name}:`;
  return h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` }, char);
}

function drawTable({ head, align, rows }) {
  const cell = (tag) => (c, at) => h(tag, { style: { "text-align": align[at] ?? "left" } }, drawAll(c));
  return h(
    "div",
    { class: "table-scroll", tabindex: "0" },
    h(
      "table",
      { class: "table" },
      h("thead", {}, h("tr", {}, head.map(cell("th")))),
      h(
        "tbody",
        {},
        rows.map((row) => h("tr", {}, row.map(cell("td")))),
      ),
    ),
  );
}

/**
 * Slack's mrkdwn, parsed to plain data (inline.js draws it). Rules: docs.slack.dev, "Formatting message text".
 *
 * A node is {t: "text", v} | {t: "b"|"i"|"s", c} | {t: "code"|"pre", v} | {t: "quote", c} | {t: "br"}
 * | {t: "li", mark, depth, c} | {t: "link", href, c} | {t: "user"|"channel"|"group", id, label}
 * | {t: "broadcast", range, label} | {t: "date", seconds, format, href, label} | {t: "emoji", name}.
 */
import { unescape } from "./entities.js";

/** Parses text in which & < > are escaped as Slack does. `verbatim` is Slack's flag: no bare links are made. */
export function parseMrkdwn(text, { verbatim = false } = {}) {
  const nodes = [];
  for (const part of splitFences(text)) {
    if (part.pre !== undefined) nodes.push({ t: "pre", v: plain(part.pre) });
    else nodes.push(...parseLines(part.text, verbatim));
  }
  return nodes;
}

function splitFences(text) {
  const parts = [];
  const fence = /```(\n?)([\s\S]+?)\n?```\n?/g;
  let from = 0;
  for (const found of text.matchAll(fence)) {
    const before = text.slice(from, found.index).replace(/\n$/, "");
    if (before) parts.push({ text: before });
    parts.push({ pre: found[2] });
    from = found.index + found[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

const QUOTE = /^(?:&gt;|>) ?(.*)$/;
const LONG_QUOTE = /^(?:&gt;&gt;&gt;|>>>) ?(.*)$/;
const BULLET = /^( *)([•◦▪‣]|[-*](?= )|\d{1,3}[.)](?= )) ?(.*)$/;

function parseLines(text, verbatim) {
  const lines = text.split("\n");
  const nodes = [];
  for (let at = 0; at < lines.length; at += 1) {
    const long = LONG_QUOTE.exec(lines[at]);
    if (long) {
      nodes.push({ t: "quote", c: parseLines([long[1], ...lines.slice(at + 1)].join("\n"), verbatim) });
      break;
    }
    const quoted = takeWhile(lines, at, QUOTE);
    if (quoted.length) {
      nodes.push({ t: "quote", c: parseLines(quoted.map((found) => found[1]).join("\n"), verbatim) });
      at += quoted.length - 1;
      continue;
    }
    nodes.push(...parseLine(lines[at], at === lines.length - 1, verbatim));
  }
  return nodes;
}

function parseLine(line, isLast, verbatim) {
  const item = BULLET.exec(line);
  if (item) {
    const mark = /^[-*]$/.test(item[2]) ? "•" : item[2];
    return [{ t: "li", mark, depth: Math.min(Math.floor(item[1].length / 2), 4), c: parseInline(item[3], verbatim) }];
  }
  const inline = parseInline(line, verbatim);
  return isLast ? inline : [...inline, { t: "br" }];
}

function takeWhile(lines, from, pattern) {
  const taken = [];
  for (let at = from; at < lines.length; at += 1) {
    const found = pattern.exec(lines[at]);
    if (!found) break;
    taken.push(found);
  }
  return taken;
}

// The marks open after a boundary and close before one, as in Slack: 2*3*4 and snake_case_names stay as they are.
const BEFORE = "(?<![\\p{L}\\p{N}])";
const AFTER = "(?![\\p{L}\\p{N}])";
const TOKEN = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "<(?<control>[^<>\\n]+)>",
    `${BEFORE}\\*(?<b>[^\\s*](?:[^*\\n]*[^\\s*])?)\\*${AFTER}`,
    `${BEFORE}_(?<i>[^\\s_](?:[^\\n]*?[^\\s_])?)_${AFTER}`,
    `${BEFORE}~(?<s>[^\\s~](?:[^~\\n]*[^\\s~])?)~${AFTER}`,
    ":(?<emoji>[a-z0-9_+'-]+(?:::skin-tone-[2-6])?):",
    "(?<url>https?://[^\\s<>|]+[^\\s<>|.,:;!?)\\]}'\"*_~])",
  ].join("|"),
  "gu",
);

/** Parses one line. */
function parseInline(text, verbatim = false) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(TOKEN)) {
    const node = tokenNode(found.groups, verbatim);
    if (!node) continue;
    if (found.index > from) nodes.push({ t: "text", v: unescape(text.slice(from, found.index)) });
    nodes.push(node);
    from = found.index + found[0].length;
  }
  if (from < text.length) nodes.push({ t: "text", v: unescape(text.slice(from)) });
  return nodes;
}

function tokenNode(groups, verbatim) {
  if (groups.code !== undefined) return { t: "code", v: plain(groups.code) };
  if (groups.control !== undefined) return parseControl(groups.control);
  if (groups.emoji !== undefined) return { t: "emoji", name: groups.emoji };
  if (groups.url !== undefined)
    return verbatim ? null : { t: "link", href: unescape(groups.url), c: textOf(groups.url) };
  for (const t of ["b", "i", "s"]) if (groups[t] !== undefined) return { t, c: parseInline(groups[t], verbatim) };
  return null;
}

/** What stands between < and >: a mention, a date, a special mention, or a link. */
function parseControl(inner) {
  const bar = inner.indexOf("|");
  const head = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? null : unescape(inner.slice(bar + 1));
  if (head.startsWith("@")) return { t: "user", id: head.slice(1), label };
  if (head.startsWith("#")) return { t: "channel", id: head.slice(1), label };
  if (head.startsWith("!date^")) return parseDate(head, label);
  if (head.startsWith("!subteam^")) return { t: "group", id: head.slice(9), label };
  if (head.startsWith("!")) return { t: "broadcast", range: head.slice(1), label };
  return { t: "link", href: unescape(head), c: bar < 0 ? textOf(head) : parseLabel(inner.slice(bar + 1)) };
}

function parseDate(head, label) {
  const [, seconds, format, href] = head.split("^");
  return {
    t: "date",
    seconds: Number(seconds),
    format: unescape(format ?? ""),
    href: href ? unescape(href) : null,
    label,
  };
}

function parseLabel(label) {
  return parseInline(label, true).filter((node) => node.t !== "link");
}

function textOf(escaped) {
  return [{ t: "text", v: unescape(escaped) }];
}

/** Inside code, Slack still turns <url|label> into its label, and nothing else. */
function plain(code) {
  return unescape(code.replace(/<(https?:[^<>|\n]+)(?:\|([^<>\n]*))?>/g, (_, url, label) => label ?? url));
}

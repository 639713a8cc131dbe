/**
 * The `markdown` block's dialect (CommonMark with tables, strikes and task lists), parsed to the nodes that inline.js
 * draws.
 */

/** Parses unescaped Markdown. */
export function parseMarkdown(source) {
  const lines = source.replaceAll("\r\n", "\n").split("\n");
  const nodes = [];
  let at = 0;
  while (at < lines.length) {
    const rule = RULES.find(({ test }) => test(lines, at));
    const [node, next] = rule.take(lines, at);
    if (node) nodes.push(...[node].flat());
    at = next;
  }
  return nodes;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([\w+-]*)/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*$/;
const RULE = /^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const QUOTE = /^ {0,3}> ?(.*)$/;
const TABLE_LINE = /^\s*\|?(?:\s*:?-+:?\s*\|)+\s*(?::?-+:?)?\s*$/;
const blank = (line) => !line.trim();

// Tried in order; the last one takes anything, so every line is consumed by some rule.
const RULES = [
  { test: (l, at) => blank(l[at]), take: (l, at) => [null, at + 1] },
  { test: (l, at) => FENCE.test(l[at]), take: takeFence },
  { test: (l, at) => HEADING.test(l[at]), take: takeHeading },
  { test: (l, at) => RULE.test(l[at]), take: (l, at) => [{ t: "hr" }, at + 1] },
  { test: (l, at) => QUOTE.test(l[at]), take: takeQuote },
  { test: (l, at) => ITEM.test(l[at]), take: takeList },
  { test: startsTable, take: takeTable },
  { test: () => true, take: takeParagraph },
];

function takeFence(lines, from) {
  const mark = FENCE.exec(lines[from])[1];
  let at = from + 1;
  while (at < lines.length && !lines[at].trim().startsWith(mark)) at += 1;
  return [{ t: "pre", v: lines.slice(from + 1, at).join("\n") }, at + 1];
}

function takeHeading(lines, at) {
  const [, marks, text] = HEADING.exec(lines[at]);
  return [{ t: "h", level: Math.min(marks.length, 4), c: parseSpans(text) }, at + 1];
}

function takeQuote(lines, from) {
  let at = from;
  while (at < lines.length && QUOTE.test(lines[at])) at += 1;
  const inner = lines
    .slice(from, at)
    .map((line) => QUOTE.exec(line)[1])
    .join("\n");
  return [{ t: "quote", c: parseMarkdown(inner) }, at];
}

function takeList(lines, from) {
  const items = [];
  let at = from;
  for (; at < lines.length && !blank(lines[at]); at += 1) {
    const found = ITEM.exec(lines[at]);
    if (found) items.push(listItem(found));
    else items.at(-1).c.push({ t: "text", v: " " }, ...parseSpans(lines[at].trim()));
  }
  return [items, at];
}

function listItem([, indent, mark, text]) {
  const task = /^\[([ xX])\]\s+(.*)$/.exec(text);
  const shown = task ? (task[1] === " " ? "☐" : "☑") : /\d/.test(mark) ? mark : "•";
  return {
    t: "li",
    mark: shown,
    depth: Math.min(Math.floor(indent.length / 2), 5),
    c: parseSpans(task ? task[2] : text),
  };
}

function startsTable(lines, at) {
  return lines[at].includes("|") && at + 1 < lines.length && TABLE_LINE.test(lines[at + 1]);
}

function takeTable(lines, from) {
  const cells = (line) =>
    line
      .trim()
      .replace(/^\|/, "")
      .replace(/(?<!\\)\|$/, "")
      .split(/(?<!\\)\|/)
      .map((c) => c.trim().replaceAll("\\|", "|"));
  const align = cells(lines[from + 1]).map((mark) =>
    /^:-+:$/.test(mark) ? "center" : mark.endsWith(":") ? "right" : "left",
  );
  let at = from + 2;
  const rows = [];
  for (; at < lines.length && lines[at].includes("|"); at += 1) rows.push(cells(lines[at]).map(parseSpans));
  return [{ t: "table", head: cells(lines[from]).map(parseSpans), align, rows }, at];
}

function takeParagraph(lines, from) {
  let at = from + 1;
  const goesOn = () => !blank(lines[at]) && RULES.slice(0, -1).every(({ test }) => !test(lines, at));
  while (at < lines.length && goesOn()) at += 1;
  const c = lines.slice(from, at).flatMap((line, n) => [...(n ? [{ t: "br" }] : []), ...parseSpans(line.trim())]);
  return [{ t: "p", c }, at];
}

const SPAN = new RegExp(
  [
    "\\\\(?<escaped>[\\\\`*_{}\\[\\]()#+.!|~>-])",
    "(?<ticks>`+)(?<code>.+?)\\k<ticks>(?!`)",
    '!?\\[(?<label>[^\\]]*)\\]\\((?<href>[^)\\s]+)(?:\\s+"[^"]*")?\\)',
    "<(?<auto>https?://[^>\\s]+)>",
    "\\*\\*(?<b>(?=\\S).+?\\S?)\\*\\*",
    "(?<![\\p{L}\\p{N}])__(?<b2>(?=\\S).+?)__(?![\\p{L}\\p{N}])",
    "~~(?<s>(?=\\S).+?)~~",
    "\\*(?<i>(?=[^\\s*]).+?)\\*",
    "(?<![\\p{L}\\p{N}])_(?<i2>(?=\\S).+?)_(?![\\p{L}\\p{N}])",
    ":(?<emoji>[a-z0-9_+-]+):",
    "(?<url>https?://[^\\s<>|]+[^\\s<>|.,:;!?)\\]}'\"*_~])",
  ].join("|"),
  "gu",
);

/** Parses one line's emphasis, code, links and emoji. */
function parseSpans(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(SPAN)) {
    if (found.index > from) nodes.push({ t: "text", v: text.slice(from, found.index) });
    nodes.push(spanNode(found.groups));
    from = found.index + found[0].length;
  }
  if (from < text.length) nodes.push({ t: "text", v: text.slice(from) });
  return nodes;
}

function spanNode(g) {
  if (g.escaped !== undefined) return { t: "text", v: g.escaped };
  if (g.code !== undefined) return { t: "code", v: g.code.replace(/^ (.+) $/, "$1") };
  if (g.href !== undefined) return { t: "link", href: g.href, c: parseSpans(g.label || g.href) };
  if (g.emoji !== undefined) return { t: "emoji", name: g.emoji };
  const url = g.auto ?? g.url;
  if (url !== undefined) return { t: "link", href: url, c: [{ t: "text", v: url }] };
  const [t, inner] = Object.entries(g).find(([, value]) => value !== undefined);
  return { t: t[0], c: parseSpans(inner) };
}

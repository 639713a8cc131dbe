/** Draws `rich_text` blocks: sections, lists, quotes, preformatted text, and all of their elements. */
import { h } from "./dom.js";
import { draw, emojiNode } from "./inline.js";

/** A whole rich_text block. */
export function richText(block) {
  return h("div", { class: "text rich" }, listRuns(block.elements).map(drawRun));
}

/**
 * Ordered lists go on counting across the deeper lists between their parts, so neighbouring lists are numbered
 * together.
 */
function listRuns(elements) {
  const counts = [];
  return elements.map((element) => {
    if (element.type !== "rich_text_list") {
      counts.length = 0;
      return { element };
    }
    const depth = element.indent ?? 0;
    counts.length = depth + 1;
    const from = (element.offset ?? 0) + (counts[depth] ?? 0);
    counts[depth] = from + element.elements.length;
    return { element, from };
  });
}

function drawRun({ element, from }) {
  const make = {
    rich_text_section: section,
    rich_text_list: list,
    rich_text_quote: quote,
    rich_text_preformatted: preformatted,
  }[element.type];
  return make ? make(element, from) : null;
}

function section(element) {
  return h("div", { class: "rich-section" }, inlines(element.elements));
}

function quote(element) {
  return h("blockquote", {}, inlines(element.elements));
}

function preformatted(element) {
  return h(
    "pre",
    { tabindex: "0" },
    h(
      "code",
      {},
      element.elements.map((part) => part.text ?? part.url ?? ""),
    ),
  );
}

const BULLETS = ["•", "◦", "▪"];

function list(element, from) {
  const depth = element.indent ?? 0;
  const items = element.elements.map((item, at) =>
    h(
      "div",
      { class: "li", role: "listitem", style: { "--depth": depth } },
      h(
        "span",
        { class: "li-mark" },
        element.style === "ordered" ? `${counter(from + at + 1, depth)}.` : BULLETS[depth % 3],
      ),
      h("div", {}, inlines(item.elements ?? [])),
    ),
  );
  return h("div", { class: element.border ? "rich-list bordered" : "rich-list", role: "list" }, items);
}

/** 1, 2, 3 at the top; a, b, c below; i, ii, iii below that; and again. */
function counter(number, depth) {
  if (depth % 3 === 1) return String.fromCharCode(97 + ((number - 1) % 26));
  if (depth % 3 === 2) return roman(number);
  return String(number);
}

function roman(number) {
  const parts = [
    [10, "x"],
    [9, "ix"],
    [5, "v"],
    [4, "iv"],
    [1, "i"],
  ];
  let rest = number;
  return parts
    .map(([size, mark]) => {
      const times = Math.floor(rest / size);
      rest -= times * size;
      return mark.repeat(times);
    })
    .join("");
}

/** The inline elements of a section, in order. */
function inlines(elements) {
  return elements.map((element) => styled(inline(element), element.style));
}

function inline(element) {
  switch (element.type) {
    case "text":
      return lines(element.text);
    case "link":
      return draw({ t: "link", href: element.url, c: [{ t: "text", v: element.text ?? element.url }] });
    case "emoji":
      return element.unicode ? unicodeEmoji(element) : emojiNode(element.name);
    case "user":
      return draw({ t: "user", id: element.user_id });
    case "channel":
      return draw({ t: "channel", id: element.channel_id });
    case "usergroup":
      return draw({ t: "group", id: element.usergroup_id });
    case "team":
      return draw({ t: "group", id: element.team_id });
    case "broadcast":
      return draw({ t: "broadcast", range: element.range });
    case "date":
      return draw({
        t: "date",
        seconds: element.timestamp,
        format: element.format,
        href: element.url,
        label: element.fallback,
      });
    case "color":
      return h("code", {}, h("span", { class: "swatch", style: { background: element.value } }), element.value);
    default:
      return String(element.text ?? "");
  }
}

function unicodeEmoji({ unicode, name }) {
  const known = emojiNode(name);
  if (known instanceof Node) return known;
  return h(
    "span",
    { class: "emoji", role: "img", "aria-label": name },
    String.fromCodePoint(...unicode.split("-").map((code) => parseInt(code, 16))),
  );
}

function lines(text) {
  return text.split("\n").flatMap((line, at) => (at ? [h("br"), line] : [line]));
}

const TAGS = { bold: "strong", italic: "em", strike: "del", underline: "u", code: "code" };

function styled(content, style = {}) {
  return Object.keys(TAGS)
    .filter((key) => style[key])
    .reduce((inner, key) => h(TAGS[key], {}, inner), content);
}

/** Draws Block Kit blocks on a surface (surface.js). Reference: docs.slack.dev, Block Kit. */
import { h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { drawAll, mrkdwn, plainString, plainText, textObject } from "./inline.js";
import { parseMarkdown } from "./markdown.js";
import { richText } from "./richtext.js";
import { chartBlock } from "./chart.js";
import { planBlock, taskCard } from "./plan.js";
import { elementNode } from "./elements.js";
import { localUrl } from "./entities.js";

const MAKERS = {
  section,
  header,
  divider: () => h("hr"),
  context,
  actions,
  input,
  image,
  rich_text: richText,
  markdown: (block) => h("div", { class: "text markdown" }, drawAll(parseMarkdown(block.text))),
  table,
  data_table: table,
  data_visualization: chartBlock,
  plan: planBlock,
  task_card: taskCard,
  file: (block) =>
    h(
      "div",
      { class: "file" },
      h(
        "div",
        { class: "file-card" },
        h("span", { class: "file-icon" }, icon("file")),
        h("span", { class: "file-name" }, block.external_id),
      ),
    ),
  alert,
  container,
  context_actions: (block, surface) =>
    h(
      "div",
      { class: "actions context-actions" },
      block.elements.map((element) => elementNode(element, block, surface)),
    ),
};

/** One block in its frame; a block of a kind that this client does not know says so instead of vanishing. */
function blockNode(block, surface) {
  const make = MAKERS[block.type];
  const inner = make
    ? make(block, surface)
    : h("div", { class: "unsupported" }, `This client cannot show “${block.type}” blocks.`);
  return h("div", { class: `block block-${block.type}`, "data-block-id": block.block_id }, inner);
}

/** Rows for dom.reconcile: unchanged blocks keep their nodes, and with them focus and typed text. */
export function blockRows(surface) {
  return surface.blocks.map((block, at) => ({
    key: `${block.type}:${block.block_id ?? at}`,
    sig: JSON.stringify([block, surface.problems[block.block_id]]),
    make: () => blockNode(block, surface),
  }));
}

/** All blocks of a surface. */
export function blockNodes(surface) {
  return surface.blocks.map((block) => blockNode(block, surface));
}

function section(block, surface) {
  return h(
    "div",
    { class: block.accessory ? "section with-accessory" : "section" },
    h(
      "div",
      { class: "section-main" },
      textObject(block.text),
      block.fields &&
        h(
          "div",
          { class: "fields" },
          block.fields.map((field) => textObject(field)),
        ),
    ),
    block.accessory && h("div", { class: "accessory" }, elementNode(block.accessory, block, surface)),
  );
}

function header(block) {
  return h("h3", { class: "header" }, plainText(block.text));
}

function context(block, surface) {
  return h(
    "div",
    { class: "context" },
    block.elements.map((element) =>
      element.type === "image" ? elementNode(element, block, surface) : textObject(element),
    ),
  );
}

function actions(block, surface) {
  return h(
    "div",
    { class: "actions" },
    block.elements.map((element) => elementNode(element, block, surface)),
  );
}

function image(block) {
  const source = localUrl(block.image_url ?? block.slack_file?.url ?? "");
  return h(
    "figure",
    { class: "image" },
    block.title && h("figcaption", {}, plainText(block.title)),
    h("img", { src: source, alt: block.alt_text, loading: "lazy" }),
  );
}

function input(block, surface) {
  const problem = surface.problems[block.block_id];
  const labelId = uid("label");
  const hintId = block.hint && uid("hint");
  const problemId = problem && uid("problem");
  const field = {
    labelId,
    label: plainString(block.label),
    noteIds: [problemId, hintId].filter(Boolean).join(" ") || null,
    invalid: Boolean(problem),
  };
  return h(
    "div",
    { class: problem ? "input invalid" : "input" },
    h(
      "div",
      { class: "label", id: labelId },
      plainText(block.label),
      block.optional && h("span", { class: "optional" }, " (optional)"),
    ),
    elementNode(block.element, block, surface, field),
    problem &&
      h(
        "div",
        { class: "problem", id: problemId, role: "alert", "data-qa": `problem-${block.block_id}` },
        icon("warn"),
        h("span", {}, problem),
      ),
    block.hint && h("div", { class: "hint", id: hintId }, plainText(block.hint)),
  );
}

function table(block) {
  const [head = [], ...rows] = block.rows;
  const cell = (tag) => (content, at) => {
    const settings = block.column_settings?.[at] ?? {};
    return h(
      tag,
      {
        scope: tag === "th" ? "col" : null,
        class: settings.is_wrapped ? "wrapped" : null,
        style: { "text-align": settings.align ?? "left" },
      },
      cellContent(content),
    );
  };
  return h(
    "div",
    { class: "table-scroll", tabindex: "0", role: "region", "aria-label": block.caption ?? "Table" },
    h(
      "table",
      { class: "table" },
      block.caption && h("caption", {}, block.caption),
      h("thead", {}, h("tr", {}, head.map(cell("th")))),
      h(
        "tbody",
        {},
        rows.map((row) => h("tr", {}, row.map(cell("td")))),
      ),
    ),
  );
}

/** A container: behind its title where it can be collapsed, else a frame with a title. */
function container(block, surface) {
  const title = block.rich_text_title ? richText(block.rich_text_title) : plainText(block.title);
  const subtitle = block.subtitle && h("div", { class: "container-subtitle" }, textObject(block.subtitle));
  const inside = h(
    "div",
    { class: "container-blocks" },
    block.child_blocks.map((child) => blockNode(child, surface)),
  );
  if (!block.is_collapsible) return h("div", { class: "container" }, title, subtitle, inside);
  return h(
    "details",
    { class: "container", open: !block.default_collapsed, "data-qa": "container" },
    h("summary", {}, title, subtitle),
    inside,
  );
}

function cellContent(content) {
  if (content.type === "rich_text") return richText(content);
  return content.text ?? String(content.value ?? "");
}

const ALERT_ICONS = { error: "warn", warning: "warn", success: "check", info: "eye", default: "eye" };

function alert(block) {
  const level = block.level ?? "default";
  return h(
    "div",
    { class: `alert alert-${level}` },
    icon(ALERT_ICONS[level] ?? "eye"),
    block.text.type === "mrkdwn" ? mrkdwn(block.text.text) : textObject(block.text),
  );
}

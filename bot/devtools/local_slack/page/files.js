/** Draws files: pictures, previews of text files with line numbers, and the card with the download link. */
import { h, fill, uid } from "./dom.js";
import { icon } from "./icons.js";
import { localUrl } from "./entities.js";
import { parseMarkdown } from "./markdown.js";
import { drawAll } from "./inline.js";
import { closeButton, showDialog } from "./dialogs.js";

const LINES_FOLDED = 8;
const LONGEST_SHOWN = 200_000;
const CUT = "\n… download the file to see the rest";

/** The files of a message, one below the other. */
export function filesOf(message) {
  if (!message.files?.length) return null;
  return h("div", { class: "files" }, message.files.map(fileNode));
}

/** One file: a picture, a folded text preview, or a plain card. */
function fileNode(file) {
  if (file.mode === "tombstone") return h("div", { class: "file file-gone" }, "This file was deleted.");
  const attrs = { class: "file", "data-qa": `file-${file.name}`, "data-file": file.id };
  if (file.mimetype?.startsWith("image/"))
    return h("figure", { ...attrs, class: "file file-image" }, caption(file), picture(file));
  if (typeof file.preview === "string")
    return h("div", { ...attrs, class: "file file-text" }, card(file), preview(file));
  return h("div", attrs, card(file));
}

function caption(file) {
  return h("figcaption", {}, h("span", {}, file.title || file.name), download(file));
}

function picture(file) {
  const image = () => h("img", { src: localUrl(file.url_private), alt: file.title || file.name });
  const enlarge = () => {
    const dialog = h(
      "dialog",
      { class: "dialog lightbox", "aria-label": file.name },
      h(
        "header",
        { class: "dialog-head" },
        h("h2", {}, file.title || file.name),
        download(file),
        closeButton(() => dialog.close()),
      ),
      image(),
    );
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    showDialog(dialog);
  };
  return h(
    "button",
    { type: "button", class: "file-picture", "aria-label": `Enlarge ${file.name}`, onClick: enlarge },
    image(),
  );
}

function card(file) {
  return h(
    "div",
    { class: "file-card" },
    h("span", { class: `file-icon file-icon-${file.filetype}` }, icon("file")),
    h(
      "span",
      { class: "file-words" },
      h("span", { class: "file-name" }, file.title || file.name),
      h("span", { class: "file-kind" }, `${kindOf(file)} · ${sizeOf(file.size)}`),
    ),
    download(file),
  );
}

function download(file) {
  const href = localUrl(file.url_private);
  return (
    href &&
    h(
      "a",
      {
        class: "icon-button file-download",
        href,
        download: file.name,
        "aria-label": `Download ${file.name}`,
        title: "Download",
      },
      icon("down"),
    )
  );
}

const KINDS = {
  json: "JSON",
  yaml: "YAML",
  yml: "YAML",
  sql: "SQL",
  markdown: "Markdown",
  md: "Markdown",
  text: "Plain text",
  txt: "Plain text",
  svg: "SVG",
  png: "PNG",
  pdf: "PDF",
};

function kindOf(file) {
  return KINDS[file.filetype] ?? (file.filetype ? file.filetype.toUpperCase() : "File");
}

/** 1024-based, as Slack shows sizes: "812 B", "3 kB", "1.2 MB". */
export function sizeOf(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

function preview(file) {
  const id = uid("preview");
  const box = h("div", {
    class: "file-preview",
    id,
    tabindex: "0",
    role: "region",
    "aria-label": `Contents of ${file.name}`,
  });
  const isLong = file.preview.split("\n").length > LINES_FOLDED || file.size > file.preview.length;
  fill(box, contents(file, firstLines(file.preview)));
  if (!isLong) return box;
  const toggle = h(
    "button",
    { type: "button", class: "file-more", "aria-expanded": "false", "aria-controls": id },
    "Show more",
  );
  toggle.addEventListener("click", async () => {
    const open = toggle.getAttribute("aria-expanded") !== "true";
    fill(box, contents(file, open ? await wholeText(file) : firstLines(file.preview)));
    box.classList.toggle("open", open);
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = open ? "Collapse" : "Show more";
  });
  return [box, toggle];
}

function firstLines(text) {
  return text.split("\n").slice(0, LINES_FOLDED).join("\n");
}

/** The whole file; when it cannot be fetched, the beginning that came with the message. */
async function wholeText(file) {
  try {
    const answer = await fetch(localUrl(file.url_private));
    if (!answer.ok) return file.preview;
    const text = await answer.text();
    return text.length > LONGEST_SHOWN ? text.slice(0, LONGEST_SHOWN) + CUT : text;
  } catch {
    return file.preview;
  }
}

function contents(file, text) {
  if (["markdown", "md"].includes(file.filetype))
    return h("div", { class: "text file-markdown" }, drawAll(parseMarkdown(text)));
  const lines = text.replace(/\n$/, "").split("\n");
  return h(
    "div",
    { class: "code-lines" },
    lines.map((line, at) =>
      h(
        "div",
        { class: "code-line" },
        h("span", { class: "line-number", "aria-hidden": "true" }, at + 1),
        h("code", {}, line || " "),
      ),
    ),
  );
}

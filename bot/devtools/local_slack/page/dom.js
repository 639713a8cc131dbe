/** Building and updating the document. Text only ever enters through text nodes, so no user text can become markup. */

/**
 * Creates an element. `attrs` holds attributes; `dataset` and `style` (objects) and `on*` (functions) are special, and
 * null, undefined and false leave an attribute out. Children are nodes, strings, numbers, or nested lists of them.
 */
export function h(tag, attrs = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs ?? {})) setAttribute(node, name, value);
  append(node, children);
  return node;
}

function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2).toLowerCase(), value);
  else if (name === "dataset") Object.assign(node.dataset, value);
  else if (name === "style") for (const [key, v] of Object.entries(value)) node.style.setProperty(key, v);
  else if (name === "value" && "value" in node) node.value = value;
  else if (name === "checked" || name === "disabled") node[name] = Boolean(value);
  else node.setAttribute(name, value === true ? "" : String(value));
}

/** Appends children of any nesting to `node`; null, undefined and booleans are nothing. */
export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || typeof child === "boolean") continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

/** Replaces everything in `node`. */
export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

/**
 * Brings the children of `container` to `rows` ({key, sig, make}) with as few changes as possible: a child whose key
 * and signature are unchanged stays the same node, so focus, open disclosures and typed text in it survive.
 */
export function reconcile(container, rows) {
  const old = new Map([...container.children].map((child) => [child.rowKey, child]));
  let at = container.firstElementChild;
  for (const row of rows) {
    const kept = old.get(row.key);
    const same = kept && kept.rowSig === row.sig;
    const node = same ? kept : make(row);
    if (kept) old.delete(row.key);
    if (kept && !same) {
      if (at === kept) at = kept.nextElementSibling;
      replaceKeepingFocus(kept, node);
    }
    if (node === at) at = at.nextElementSibling;
    else if (node.nextElementSibling !== at || !node.isConnected) container.insertBefore(node, at);
  }
  for (const gone of old.values()) gone.remove();
}

/** Somebody who works by keyboard stays where they were: on the same control of the new node, or on the node itself. */
function replaceKeepingFocus(old, node) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  old.replaceWith(node);
  if (!focused) return;
  const qa = focused.dataset.qa;
  const same = qa && node.querySelector(`[data-qa="${CSS.escape(qa)}"]`);
  (same || node).focus({ preventScroll: true });
}

function make(row) {
  const node = row.make();
  node.rowKey = row.key;
  node.rowSig = row.sig;
  return node;
}

let counter = 0;

/** A document-wide unique id, for label/for and aria-* references. */
export function uid(prefix = "id") {
  counter += 1;
  return `${prefix}-${counter}`;
}

/**
 * Runs `action` once at a time: further clicks while its promise is open do nothing, and `button` shows that it is
 * busy.
 */
export async function busyWhile(button, action) {
  if (button.getAttribute("aria-busy") === "true") return undefined;
  button.setAttribute("aria-busy", "true");
  try {
    return await action();
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/**
 * Things that float beside a control: menus and pickers. Built on the platform's own popovers, which close on Escape
 * and outside clicks.
 */
import { h } from "./dom.js";

const GAP = 6;
const closedAt = new WeakMap();

/**
 * Opens `content` beside `anchor`; answers a function that closes it, or null when this very click has just closed it.
 * It is placed inside the anchor's dialog, if any, because everything outside an open modal dialog is inert.
 */
export function openPopover(
  anchor,
  content,
  { className = "", above = false, align = "start", matchWidth = false, onClose } = {},
) {
  if (performance.now() - (closedAt.get(anchor) ?? -1e9) < 200) return null;
  const box = h("div", { class: `popover ${className}`, popover: "auto" }, content);
  (anchor.closest("dialog") ?? document.body).append(box);
  if (matchWidth) box.style.minWidth = `${anchor.getBoundingClientRect().width}px`;
  box.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    closedAt.set(anchor, performance.now());
    anchor.setAttribute("aria-expanded", "false");
    box.remove();
    onClose?.();
  });
  box.showPopover();
  place(box, anchor, { above, align });
  anchor.setAttribute("aria-expanded", "true");
  return () => box.isConnected && box.hidePopover();
}

/** Below the anchor unless there is more room above; never outside the window. */
function place(box, anchor, { above, align }) {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const fitsBelow = at.bottom + GAP + height <= innerHeight - GAP;
  const goAbove = above ? at.top - GAP - height >= GAP : !fitsBelow && at.top > innerHeight - at.bottom;
  const left = align === "end" ? at.right - width : at.left;
  const top = goAbove ? at.top - GAP - height : at.bottom + GAP;
  box.style.left = `${Math.max(GAP, Math.min(left, innerWidth - width - GAP))}px`;
  box.style.top = `${Math.max(GAP, Math.min(top, innerHeight - height - GAP))}px`;
}

/**
 * Opens a menu of `items` beside `anchor`: {label, hint?, node?, qa?, checked?, run}, {heading}, or null for a line.
 * Arrow keys move, Enter chooses, Escape closes.
 */
export function openMenu(anchor, items, options = {}) {
  let close = null;
  const menu = h(
    "div",
    { role: "menu", class: "menu", "aria-label": options.label },
    items.map((item) => menuItem(item, () => close?.())),
  );
  menu.addEventListener("keydown", (event) => moveFocus(event, menu));
  close = openPopover(anchor, menu, options);
  if (close) menu.querySelector("[role^=menuitem]")?.focus();
  return close;
}

function menuItem(item, close) {
  if (!item) return h("div", { role: "separator", class: "menu-line" });
  if (item.heading) return h("div", { class: "menu-heading", role: "presentation" }, item.heading);
  const run = () => {
    close();
    item.run();
  };
  return h(
    "button",
    {
      type: "button",
      role: item.checked === undefined ? "menuitem" : "menuitemradio",
      "aria-checked": item.checked === undefined ? null : String(item.checked),
      class: "menu-item",
      "data-qa": item.qa,
      onClick: run,
    },
    item.node,
    h(
      "span",
      { class: "menu-words" },
      h("span", {}, item.label),
      item.hint && h("span", { class: "menu-hint" }, item.hint),
    ),
  );
}

function moveFocus(event, menu) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll("[role^=menuitem]")];
  const next = (items.indexOf(document.activeElement) + step + items.length) % items.length;
  items[next]?.focus();
}

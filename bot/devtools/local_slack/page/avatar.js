/** Faces: initials on the person's colour. */
import { h } from "./dom.js";

/** A square avatar; decorative, since the name always stands beside it. */
export function avatar(who, size = "m") {
  return h(
    "span",
    {
      class: `avatar avatar-${size}${who.is_bot ? " avatar-bot" : ""}`,
      style: { "--face": faceColor(who) },
      "aria-hidden": "true",
    },
    who.initials || initials(who),
  );
}

function initials(who) {
  const words = (who.real_name || who.name || "?").split(/[\s._-]+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => word[0])
    .join("")
    .toUpperCase();
}

function faceColor(who) {
  if (!who.color) return "#5b5b66";
  return who.color.startsWith("#") ? who.color : `#${who.color}`;
}

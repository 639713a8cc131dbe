/** The page's line icons, drawn on a 20 x 20 grid, as SVG nodes. */

const PATHS = {
  home: "M3 9.2 10 3l7 6.2V16a1 1 0 0 1-1 1h-3.6v-4.5H7.6V17H4a1 1 0 0 1-1-1z",
  hash: "M8 3.2 6.4 16.8M13.6 3.2 12 16.8M3.6 7.4h13.2M3.2 12.6h13.2",
  lock: "M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  plus: "M10 4v12M4 10h12",
  close: "M5 5l10 10M15 5 5 15",
  send: "M3.4 3.6 17 10 3.4 16.4l1.9-6.4zM5.3 10H11",
  reply:
    "M17 9.6c0 3.4-3.1 6-7 6-1 0-2-.2-2.9-.5L3.4 16.4l.9-3A5.6 5.6 0 0 1 3 9.600c0-3.4 3.1-6 7-6s7 2.6 7 6zM7 8.200h6M7 11h3.6",
  more: "M10 4.9v.01M10 10v.01M10 15.1v.01",
  emoji:
    "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM7.7 8.2v.4M12.3 8.200v.4M6.8 11.500c.7 1.4 1.9 2.1 3.2 2.100s2.5-.7 3.2-2.1",
  at: "M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0zm0 0v1.200a2 2 0 0 0 4 0V10a7 7 0 1 0-2.8 5.6",
  attach:
    "M14.8 9.3 9.7 14.400a3.2 3.2 0 0 1-4.6-4.600l5.8-5.800a2.2 2.2 0 0 1 3.1 3.100L8.3 12.800a1.1 1.1 0 0 1-1.6-1.600l5-5",
  bolt: "M11.5 2.8 4.8 11.300h4.700l-1 5.9 6.7-8.500h-4.700z",
  search: "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM13.4 13.4 17 17",
  chevron: "M5.5 7.8 10 12.300l4.5-4.5",
  right: "M7.8 5.500l4.5 4.5-4.5 4.5",
  down: "M10 3.500v9.500M6 9.200l4 4 4-4M4 16.500h12",
  file: "M5.5 2.800h6L15 6.300v10.900h-9.500zM11.3 3v3.500h3.5",
  check: "M4.5 10.500l3.7 3.7 7.3-8",
  cross: "M6 6l8 8M14 6l-8 8",
  eye: "M2.5 10S5.2 5 10 5s7.5 5 7.5 5-2.7 5-7.5 5-7.5-5-7.5-5zm7.5 2.200a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.400z",
  warn: "M10 3.2 17.5 16.500h-15zM10 8v4M10 14.300v.01",
  person: "M10 10a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.400zM3.8 16.600c.6-2.9 3.1-4.6 6.2-4.600s5.6 1.7 6.2 4.6",
  bold: "M6 4h4.700a3 3 0 0 1 0 6H6zM6 10h5.600a3 3 0 0 1 0 6H6z",
  italic: "M8.5 4H14M6 16h5.500M11.6 4 8.4 16",
  strike:
    "M4 10h12M13.6 6.500C13 5 11.7 4.2 10 4.200c-2 0-3.5 1-3.5 2.7 0 1 .5 1.7 1.4 2.200M6.3 13.300c.6 1.6 1.9 2.5 3.7 2.5 2.1 0 3.6-1.1 3.6-2.8 0-.6-.1-1-.4-1.4",
  code: "M7.2 6 3.3 10l3.9 4M12.8 6l3.9 4-3.9 4",
  codeblock: "M3.5 4h13v12h-13zM8.2 8 6.4 10l1.8 2M11.8 8l1.8 2-1.8 2",
  quote: "M4.5 4.500v11M8 6.500h8M8 10h8M8 13.500h5",
  list: "M4 5.500v.01M4 10v.01M4 14.500v.01M8 5.500h8.500M8 10h8.500M8 14.500h8.5",
  apps: "M4 4h4.500v4.500H4zM11.5 4H16v4.500h-4.500zM4 11.500h4.500V16H4zM11.5 11.500H16V16h-4.500z",
  people:
    "M7.5 9.500a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.600zM2.5 16c.4-2.7 2.4-4.3 5-4.300s4.6 1.6 5 4.300M12.5 4.100a2.7 2.7 0 0 1 0 5.200M14.3 12c1.8.6 2.9 2 3.2 4",
  clock: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4.200l2.8 1.7",
};

const NS = "http://www.w3.org/2000/svg";

/** An icon by name; decorative (hidden from screen readers), sized by the surrounding text's `font-size`. */
export function icon(name, className = "") {
  const svg = document.createElementNS(NS, "svg");
  const path = document.createElementNS(NS, "path");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `icon icon-${name} ${className}`.trim());
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

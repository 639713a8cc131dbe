/** Draws `data_visualization` blocks: lines over categories as a picture, and the same as a table for who sees none. */
import { h } from "./dom.js";

const WIDTH = 480;
const HEIGHT = 150;
const LEFT = 34;
const FOOT = 18;
const SPACE = "http://www.w3.org/2000/svg";

function svg(name, attrs, ...children) {
  const node = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attrs)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** A chart with its title, its picture, its legend and its values. */
export function chartBlock(block) {
  const { series, axis_config: axes } = block.chart;
  if (!series) return h("div", { class: "unsupported" }, "This client cannot show pies.");
  return h(
    "figure",
    { class: "chart", "aria-label": block.title },
    h("figcaption", {}, block.title),
    picture(series, axes.categories),
    h(
      "ul",
      { class: "chart-legend" },
      series.map((one, at) => h("li", { class: `chart-name chart-${at + 1}` }, one.name)),
    ),
    values(series, axes),
  );
}

function picture(series, categories) {
  const all = series.flatMap((one) => one.data.map((point) => point.value));
  const top = Math.max(100, ...all);
  const x = (at) => LEFT + ((at + 0.5) * (WIDTH - LEFT)) / categories.length;
  const y = (value) => HEIGHT - FOOT - (value / top) * (HEIGHT - FOOT - 8);
  const marks = [0, top / 2, top].flatMap((value) => [
    svg("line", { x1: LEFT, x2: WIDTH, y1: y(value), y2: y(value), class: "chart-grid" }),
    svg("text", { x: LEFT - 6, y: y(value) + 4, class: "chart-tick", "text-anchor": "end" }, String(value)),
  ]);
  const names = categories.map((name, at) =>
    svg("text", { x: x(at), y: HEIGHT - 4, class: "chart-tick", "text-anchor": "middle" }, name),
  );
  const lines = series.flatMap((one, at) => [
    svg("polyline", {
      points: one.data.map((point, n) => `${x(n)},${y(point.value)}`).join(" "),
      class: `chart-line chart-${at + 1}`,
    }),
    ...one.data.map((point, n) => svg("circle", { cx: x(n), cy: y(point.value), r: 3, class: `chart-dot chart-${at + 1}` })),
  ]);
  return svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart-picture", "aria-hidden": "true" },
    ...marks,
    ...names,
    ...lines,
  );
}

function values(series, axes) {
  return h(
    "table",
    { class: "chart-values" },
    h("tr", {}, h("th", {}, axes.y_label ?? ""), axes.categories.map((name) => h("th", {}, name))),
    series.map((one) =>
      h("tr", {}, h("th", {}, one.name), one.data.map((point) => h("td", {}, String(point.value)))),
    ),
  );
}

// Plots, as SVG.
import { byPolicy, median } from './report.mjs';

const INK = '#24292f';
const STATES = {
  read: '#8ecae6', think: '#d8dee4', edit: '#1a7f37', command: '#8250df', commit: '#0969da', merge: '#0550ae', check: '#bfdbfe',
  blocked: '#cf222e',
};
const LINES = [
  '#6e7781', '#cf222e', '#bc4c00', '#8250df', '#1a7f37', '#4ac26b', '#116329', '#0969da', '#bf3989', '#9a6700', '#1b7c83', '#57606a',
];

/** What each agent did when, under each policy. `runs`: [{ policy, agents, spans }]. */
export function timeLines(runs) {
  const [left, width, row] = [70, 830, 9];
  const wall = Math.max(...runs.flatMap(({ spans }) => spans.map(({ to }) => to)));
  const x = (ms) => left + (width * ms) / wall;
  let y = 40;
  const parts = runs.map(({ policy, agents, spans }) => {
    const top = y + 16;
    y = top + agents * row + 14;
    const bars = spans.filter(({ state }) => state in STATES).map(({ agent, state, from, to }) => {
      return rect(x(from), top + agent * row, x(to) - x(from), row - 2, STATES[state]);
    });
    const redone = spans.filter(({ state }) => state === 'redo').map(({ agent, from, to }) => {
      return rect(x(from), top + agent * row + row - 3, x(to) - x(from), 1.5, '#bc4c00');
    });
    return text(left, top - 5, policy, 'font-weight="600"') + bars.join('') + redone.join('');
  });
  const ticks = Array.from({ length: Math.floor(wall / 60_000) + 1 }, (_, minute) => minute).filter((m) => wall < 1_200_000 || m % 5 === 0);
  const axis = ticks.map((minute) => text(x(minute * 60_000), y + 12, `${minute}`, 'text-anchor="middle"')).join('');
  const names = [...Object.entries(STATES), ['redone (line below)', '#bc4c00']];
  const legend = names.map(([name, colour], i) => rect(left + i * 88, 12, 10, 10, colour) + text(left + i * 88 + 14, 21, name)).join('');
  return svg(920, y + 34, `${legend}${parts.join('')}${axis}${text(left + width / 2, y + 28, 'minutes', 'text-anchor="middle"')}`);
}

/** A figure of each policy over something: the median, and from the least to the most. */
export function lineChart(runs, { title, label, of, over }) {
  const [left, top, width, height] = [60, 40, 560, 300];
  const places = [...new Set(runs.map((run) => run[over]))].toSorted((a, b) => a - b);
  // What was measured at one place only has no line.
  const drawn = byPolicy(runs).filter(([, own]) => new Set(own.map((run) => run[over])).size > 1 || places.length === 1);
  const most = Math.max(1, ...drawn.flatMap(([, own]) => own.map(of)));
  const x = (value) => left + 20 + ((width - 40) * places.indexOf(value)) / Math.max(1, places.length - 1);
  const y = (value) => top + height - (height * value) / most;
  const axes = places.map((value) => text(x(value), top + height + 18, `${value}`, 'text-anchor="middle"')).join('')
    + [0, 0.25, 0.5, 0.75, 1].map((part) => {
      const grid = `<path d="M${left} ${n(y(most * part))}h${width}" stroke="#d0d7de"/>`;
      return grid + text(left - 6, y(most * part) + 4, (most * part).toFixed(most < 10 ? 1 : 0), 'text-anchor="end"');
    }).join('');
  const lines = drawn.map(([policy, own], i) => {
    const colour = LINES[i % LINES.length];
    const at = (place) => own.filter((run) => run[over] === place).map(of);
    const points = places.map((place) => [place, at(place)]).filter(([, values]) => values.length > 0);
    const path = points.map(([place, values], j) => `${j === 0 ? 'M' : 'L'}${n(x(place))} ${n(y(median(values)))}`).join('');
    const spread = points.map(([place, values]) => {
      const [least, greatest] = [Math.min(...values), Math.max(...values)].map((value) => n(y(value)));
      const range = `M${n(x(place) + (i - 4) * 2)} ${least}V${greatest}`;
      return `<path d="${range}" stroke="${colour}" stroke-opacity="0.5"/>`
        + `<circle cx="${n(x(place))}" cy="${n(y(median(values)))}" r="3" fill="${colour}"/>`;
    }).join('');
    const name = rect(left + width + 20, top + i * 18, 12, 4, colour) + text(left + width + 38, top + i * 18 + 6, policy);
    return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${spread}${name}`;
  });
  const labels = text(left, 20, title, 'font-weight="600"') + text(left + width / 2, top + height + 38, label, 'text-anchor="middle"');
  return svg(800, top + height + 50, axes + lines.join('') + labels);
}

function svg(width, height, content) {
  const font = 'font-family="system-ui, sans-serif" font-size="12"';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${n(height)}" width="${width}" height="${n(height)}" ${font}>`
    + `<rect width="100%" height="100%" fill="#ffffff"/>${content}</svg>\n`;
}

function rect(x, y, width, height, fill) {
  return `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" fill="${fill}"/>`;
}

function text(x, y, words, more = '') {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${n(x)}" y="${n(y)}" fill="${INK}" ${more}>${escaped}</text>`;
}

function n(value) {
  return String(Math.round(value * 10) / 10);
}

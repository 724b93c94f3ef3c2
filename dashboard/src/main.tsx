import './style.css';
import { render } from 'preact';
import { Connection } from './client/connection.ts';
import { App } from './views/App.tsx';
import { tickDurations } from './views/parts.tsx';
import { readTheme, setTheme } from './views/theme.ts';

const CLOCK_MS = 1_000;
const root = document.getElementById('app')!;

setTheme(readTheme());
const connection: Connection = new Connection(draw);

let shown = -1;

function draw(): void {
  // In whole seconds: one drawing, in which some rows are kept from the one before, shows one time.
  const now = Math.floor(connection.now() / 1_000) * 1_000;
  render(<App connection={connection} now={now} />, root);
  if (now !== shown) tickDurations(now);
  shown = now;
}

draw();
// Durations go on without events.
setInterval(() => { if (!document.hidden) connection.redraw(); }, CLOCK_MS);
void connection.run();

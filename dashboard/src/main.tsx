import './style.css';
import { render } from 'preact';
import { Connection } from './client/connection.ts';
import { App } from './views/App.tsx';
import { readTheme, setTheme } from './views/theme.ts';

const CLOCK_MS = 1_000;
const root = document.getElementById('app')!;

setTheme(readTheme());
const connection: Connection = new Connection(draw);

function draw(): void {
  render(<App connection={connection} />, root);
}

draw();
// Durations go on without events.
setInterval(() => { if (!document.hidden) draw(); }, CLOCK_MS);
void connection.run();

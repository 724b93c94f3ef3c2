// Makes what a client told its hooks the same on every machine and at every time: paths, ids, times, ports.
import { installations } from './install.mjs';

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

// Of the client's own: those of opencode's sessions, Claude's agents.
const SHORT_IDS = /\b(ses_)[0-9A-Za-z]{20,}\b|\b(a)[0-9a-f]{16}\b/g;

// Of Cline's tasks, sessions and agents: a time, and letters by chance.
const TIMED_IDS = /\b(conv_|agent_)?\d{13}_[0-9a-z]{4,10}\b/g;

const COMMIT = /^[0-9a-f]{40}$/;

const TIMES = [
  [/\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g, '2026-01-01T00:00:00.000Z'],
  [/\b20\d\d-\d\d-\d\dT\d\d-\d\d(-\d\d(?![0-9a-f]))?/g, '2026-01-01T00-00-00'],
  [/\/20\d\d\/\d\d\/\d\d\//g, '/2026/01/01/'],
  [/(T00-00-00-)[0-9a-f]{8}\b(?!-)/g, '$100000000'],
];

// Codex calls its first agent so; it looks like the home of root.
const ROOT_AGENT = /\/root(?=\/part_)/g;

const PROCESS_GROUP = /(PGID: )\d+/g;

const NUMBERS = /(_pid|_ms|Ms|timestamp|_at)$/i;

export class Scrubber {
  #ids = new Map();
  #paths;

  constructor(world) {
    const home = world.agents[0].home;
    const flat = world.repo.replaceAll(/[/_.]/g, '-'); // as Claude names a project's folder
    this.#paths = [
      [world.repo, '/repo'], [home, '/person'], [world.temporary, '/scratch'], [world.folder, '/world'], [flat, '-repo'],
      [installations, '/agents'],
    ];
  }

  clean(value, name = '') {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value === 'number' && NUMBERS.test(name)) return 0;
    if (Array.isArray(value)) return value.map((one) => this.clean(one));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.clean(one, key)]));
  }

  /** Names that a shell or the driver sets tell nothing about the client. */
  cleanEnvironment(environment) {
    const common = /^(PATH|PWD|OLDPWD|SHLVL|_|TERM|LANG|DO_NOT_TRACK|KLOCK_TEST_\w+)$/;
    const kept = Object.entries(environment).filter(([name]) => !common.test(name));
    return Object.fromEntries(kept.sort().map(([name, value]) => [name, /_PID$/.test(name) ? '1' : this.#value(name, value)]));
  }

  #value(name, value) {
    return /KEY|TOKEN|SECRET|SOCKET/.test(name) ? 'hidden' : this.#text(value).replace(/(127\.0\.0\.1:)\d+/, '$1PORT');
  }

  #text(text) {
    let clean = text;
    for (const [from, to] of this.#paths) clean = clean.replaceAll(from, to);
    clean = clean.replace(UUID, (id) => this.#id(id, (number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`));
    clean = clean.replace(SHORT_IDS, (id, ses, a) => this.#id(id, (number) => (ses ?? a) + String(number).padStart(16, '0')));
    clean = clean.replace(TIMED_IDS, (id, kind = '') => this.#id(id, (number) => `${kind}0000000000000_${number}`));
    clean = clean.replace(COMMIT, '0'.repeat(40));
    clean = clean.replace(ROOT_AGENT, '/first');
    clean = clean.replace(PROCESS_GROUP, '$11');
    for (const [pattern, to] of TIMES) clean = clean.replace(pattern, to);
    return clean;
  }

  #id(id, make) {
    if (!this.#ids.has(id)) this.#ids.set(id, make(this.#ids.size + 1));
    return this.#ids.get(id);
  }
}

// Runs the real `klock` for agents in virtual time.
//
// A call that need not wait is run to its end while the clock stands still. One that waits in the store's queue is left waiting, and the
// clock goes on for the others: whether it has been granted is looked up after every other call, since only those can free anything. When
// its wait is up in virtual time, it is ended by a signal, as a client does.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { COST } from './agent.mjs';

const LOOK_MS = 150; // real ms after which a call is asked about that has not ended: does it wait?

export class KlockPrograms {
  /** How long each call took that did not wait, in real ms. */
  took = [];
  /** Calls whose wait was up by the real clock: the virtual one stood too long, and the run counts for nothing. */
  overrun = 0;

  #parked = new Set();

  constructor(fleet, settings) {
    Object.assign(this, { fleet, clock: fleet.clock });
    this.environment = { ...fleet.environment, CLAUDE_PID: String(process.pid), ...settings };
  }

  /**
   * Runs `klock COMMAND`; `input` is its stdin. `waitMs` is how long it may wait in virtual time; `onGrant` is called at the moment at
   * which a call that waited has what it waited for. Returns { code, output, isTimedOut }.
   */
  async call(agent, command, { input = '', waitMs = 0, onGrant = () => {} } = {}) {
    const call = this.#start(agent, command, input);
    while (!(await Promise.race([call.ended.then(() => true), sleep(LOOK_MS, false, { ref: false })]))) {
      if (waitMs > 0 && (await this.#waiters()).has(call.session)) return this.#park(call, waitMs, onGrant);
    }
    this.took.push(call.ms);
    if (call.code === 0) onGrant();
    await this.#settle();
    return call;
  }

  async #park(call, waitMs, onGrant) {
    Object.assign(call, { onGrant, wasParked: true });
    return this.clock.park((wake) => {
      call.wake = wake;
      call.cancel = this.clock.after(waitMs, () => this.#endWait(call));
      this.#parked.add(call);
    });
  }

  // Its time is up.
  async #endWait(call) {
    this.#parked.delete(call);
    call.process.kill('SIGTERM');
    await call.ended;
    call.isTimedOut = true;
    call.wake(call);
    await this.#settle();
  }

  // Whoever waits no more goes on; one that is refused in the end (what it knows is stale) makes way for the next.
  async #settle() {
    while (this.#parked.size > 0) {
      const waiting = await this.#waiters();
      const over = [...this.#parked].filter(({ session }) => !waiting.has(session));
      if (over.length === 0) return;
      over.forEach((call) => this.#parked.delete(call));
      for (const call of over) {
        call.cancel();
        await call.ended;
        if (/ after \d+ s of waiting/.test(call.output) || call.code === 12) this.overrun++;
        else call.onGrant();
        call.wake(call, COST.hook);
      }
    }
  }

  async #waiters() {
    const call = this.#start({ id: 'person' }, ['status', '--json'], '');
    await call.ended;
    return new Set(JSON.parse(call.output).data.waiters.map(({ session_id: session }) => session));
  }

  #start(agent, command, input) {
    const from = performance.now();
    const child = spawn(this.fleet.klock, command, { cwd: this.fleet.repo, env: this.environment });
    const call = { process: child, session: sessionOf(agent), output: '', errors: '', isTimedOut: false };
    child.stdout.setEncoding('utf8').on('data', (text) => (call.output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (call.errors += text));
    child.stdin.on('error', () => {}); // it may have ended without reading
    child.stdin.end(input);
    call.ended = once(child, 'close').then(([code]) => {
      Object.assign(call, { code, ms: performance.now() - from });
      if (code === 1 || code === 2 || code === 4) throw new Error(`klock ${command.join(' ')} ended with ${code}: ${call.errors}`);
    });
    return call;
  }
}

/** The session that hooks give a fleet's agent. */
export const sessionOf = ({ id }) => `claude:${id}`;

// What a policy may do. Each of its functions is called at one step of an agent; what it does not define does nothing, so this class is
// the policy "nothing". Functions are async: to make the agent wait in virtual time, await `agent.clock.park` or `agent.clock.sleep`.
export class Policy {
  /** How it is called on the command line and in the raw results. */
  static title = 'nothing';
  static about = 'Nobody coordinates: agents write into one work tree.';

  /** A refused agent that has paused so often, and was always refused again, commits what it has and lets go: others may wait for it. */
  letsGoAfter = Infinity;

  /** `fleet`: { repo, folder (for files of the policy's own), clock, ledger, environment, agents }. */
  constructor(fleet) {
    Object.assign(this, { fleet, clock: fleet.clock, ledger: fleet.ledger });
  }

  /** The repository is made, no agent has begun. */
  async open() {}
  /** An agent begins, and ends. */
  async start() {}
  async end() {}
  /** A task begins: nothing is read yet. */
  async beginTask() {}
  /** The task is thought through, its edits begin. */
  async beforeEdits() {}
  async beforeRead() {}
  /** May the agent edit? { }: yes. { isRefused }: not now. { isStale }: it must read again. */
  async beforeEdit() {
    return {};
  }
  /** `isPossible`: whether the text to replace was there. */
  async afterEdit() {}
  /** As `beforeEdit`, of a shell command. */
  async beforeCommand() {
    return {};
  }
  async afterCommand() {}
  /** The agent was refused often, and committed what it has: whatever it holds may go. */
  async letGo() {}
  /** The task is committed. True: it must be done again. */
  async endTask() {
    return false;
  }
  /** All agents have ended. Returns what else is to be recorded. */
  async close() {
    return {};
  }
}

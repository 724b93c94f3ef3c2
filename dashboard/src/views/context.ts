// What every view gets.
import type { Blocked } from '../store/blocked.ts';
import type { State } from '../store/state.ts';

export interface View {
  state: State;
  /** By the server's clock. */
  now: number;
  waiting: Blocked[];
}

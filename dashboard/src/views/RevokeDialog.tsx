// Asks before a lease is taken away: what, from whom.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import * as api from '../client/api.ts';
import type { Lease } from '../store/wire.ts';
import { count, duration } from '../store/words.ts';
import { nameOf } from '../store/resource.ts';

export function RevokeDialog({ lease, waiters, now, isHeld, close }: {
  lease: Lease; waiters: number; now: number; isHeld: boolean; close: () => void;
}): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  const revoke = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await api.revoke(lease);
      dialog.current?.close();
    } catch (error) {
      setProblem(error instanceof api.Refused ? error.message : 'The server does not answer: it is not known whether the lease was taken.');
      setBusy(false);
    }
  };
  return (
    <dialog ref={dialog} aria-labelledby="revoke-title" onClose={close}>
      <h2 id="revoke-title">Take this lease away?</h2>
      <dl>
        <dt>Resource</dt><dd class="resource-text" tabIndex={0}>{nameOf(lease)}</dd>
        <dt>From agent</dt><dd>{lease.agent_id}</dd>
        <dt>Session</dt><dd>{lease.session_id}</dd>
        <dt>Held for</dt><dd>{duration(now - lease.acquired_at)}, {lease.predicate}</dd>
        {lease.note && <><dt>Note</dt><dd>{lease.note}</dd></>}
      </dl>
      <p>
        A coding agent learns of it at its next edit, <code>klock run</code> within a second.{' '}
        What has been written so far stays, and may be half done.{' '}
        {waiters === 0 ? 'Nobody waits for it.' : `${count(waiters, 'agent')} waiting for it may go on.`}
      </p>
      {!isHeld && <p class="problem" role="status">It has ended, or was changed.</p>}
      {problem !== null && <p class="problem" role="alert">{problem}</p>}
      <div class="buttons">
        <button type="button" autofocus onClick={() => dialog.current?.close()}>Cancel</button>
        <button type="button" class="danger" disabled={isBusy || !isHeld} onClick={() => void revoke()}>Revoke</button>
      </div>
    </dialog>
  );
}

// Asks for the key. It goes into a cookie that scripts cannot read.
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import * as api from '../client/api.ts';
import type { Session } from '../store/wire.ts';

export function Login({ signedIn }: { signedIn: (session: Session) => void }): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const key = field.current!.value.trim();
    setProblem(key === '' ? 'Type or paste the key.' : null);
    if (key === '') return;
    try {
      signedIn(await api.signIn(key));
    } catch (error) {
      field.current?.select();
      setProblem(!(error instanceof api.Refused) ? 'The server does not answer.'
        : error.status === 401 ? 'The server does not know this key.' : error.message);
    }
  };
  return (
    <main class="login">
      <form onSubmit={(event) => void submit(event)}>
        <h1>Klock</h1>
        <p>This server needs a key. It is a line of the server’s key file, or the value of its <code>KLOCK_API_KEY</code>.</p>
        <label><span>Key</span>
          <input ref={field} type="password" name="key" autocomplete="current-password" spellcheck={false} autofocus
            aria-invalid={problem !== null} aria-describedby="key-problem" />
        </label>
        <p id="key-problem" class="problem" role="alert">{problem}</p>
        <button type="submit" class="primary">Sign in</button>
        <p class="quiet">
          It stays in a cookie that no script can read, until you sign out. A read-only key shows everything and changes nothing.
        </p>
      </form>
    </main>
  );
}

// Puts hooks into a world's repository: for now the client's own settings with a command line, of which "COMMAND EVENT" runs.
import { put } from './clients/writing.mjs';

/** Hooks that the test answers with `world.hooks.decide`, or those of another command. */
export function installHooks(world, client, command = world.hooks.command(client)) {
  put(world.repo, client.hooks(command));
}

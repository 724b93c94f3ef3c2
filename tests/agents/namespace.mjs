// A network namespace with nothing but the loopback, and process ids of its own: nothing that a client does leaves the machine, and
// whatever it leaves running ends with the tests. Where the system does not allow that, the same without.
import { spawnSync } from 'node:child_process';

const flags = ['-n', '-p', '-f', '--mount-proc', '--kill-child'];
const kinds = [['unshare', ...flags], ['unshare', '-r', ...flags]]; // as root, else in a namespace of the user's own

// The loopback of a new namespace is down: SIOCSIFFLAGS (0x8914) with IFF_UP | IFF_RUNNING. Python is there, `ip` not everywhere.
const loopbackUp = 'import fcntl,socket,struct; fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh22x", b"lo", 0x41))';

// Not with exec: the shell stays as the first process, the one that must clear away the dead that others left.
const begin = `python3 -c '${loopbackUp}' && "$@"; exit $?`;

/** The command that runs this one in a namespace, or the command itself where there can be none. */
export function isolated(command) {
  if (process.platform !== 'linux') return command;
  const kind = kinds.find(([program, ...flags]) => spawnSync(program, [...flags, 'true']).status === 0);
  return kind ? [...kind, 'sh', '-c', begin, 'sh', ...command] : command;
}

'use strict';
// The clocks that a holder of leases measures by. Neither can be set, by a person or by NTP.

const os = require('node:os');

// os.uptime() counts in hundredths of a second on Linux, in seconds elsewhere: a difference below two steps is no sleep.
const NO_SLEEP_MS = process.platform === 'linux' ? 20 : 2000;

let ahead;
let sleptMs = 0;

/** Time that stops while the machine is suspended, as that of a store on the same machine does. */
function monotonic() {
  return performance.now();
}

/** Time that continues while the machine is suspended, as that of a server elsewhere does. */
function throughSuspend() {
  // Node has no clock that does, but it knows for how long the machine has been up (on Linux CLOCK_BOOTTIME, in hundredths): when that
  // gets ahead of monotonic time, the machine slept.
  const now = performance.now();
  const aheadNow = os.uptime() * 1000 - now;
  ahead ??= aheadNow;
  if (aheadNow - ahead > sleptMs + NO_SLEEP_MS) sleptMs = aheadNow - ahead;
  return now + sleptMs;
}

module.exports = { monotonic, throughSuspend };

'use strict';
// The numbers of "Holding a lease" in docs/architecture.md, which gives the reason of each. Every language has the same.

const RENEWALS_A_TTL = 3;
const MARGINS_A_TTL = 20;
const PATIENCES_LEFT = 2;
const SHORTEST_PATIENCE_MS = 250;
const RETRIES_A_TTL = 20;
const SHORTEST_RETRY_MS = 10;
const LONGEST_RETRY_MS = 500;
const LOOK_EVERY_MS = 500;
const TAKE_UPS_A_TTL = 2;
const RELEASE_PATIENCE_MS = 3000;

/** After how much of its ttl a lease is renewed. */
function renewalMs(ttlMs) {
  return ttlMs / RENEWALS_A_TTL;
}

/** After how much of its ttl a lease counts as lost. */
function sureMs(ttlMs) {
  return ttlMs - ttlMs / MARGINS_A_TTL;
}

/** After how long a failed request is sent again. */
function retryMs(ttlMs) {
  return Math.min(Math.max(ttlMs / RETRIES_A_TTL, SHORTEST_RETRY_MS), LONGEST_RETRY_MS);
}

/** For how long the first renewal of a grant that came late is tried. */
function takeUpMs(ttlMs) {
  return ttlMs / TAKE_UPS_A_TTL;
}

/** How long to wait for the answer to a renewal when so much time is left. */
function patienceMs(leftMs) {
  return atLeastShortest(leftMs / PATIENCES_LEFT);
}

/** So much time for an answer, but not less than an answer needs. */
function atLeastShortest(ms) {
  return Math.max(ms, SHORTEST_PATIENCE_MS);
}

module.exports = { LOOK_EVERY_MS, RELEASE_PATIENCE_MS, atLeastShortest, patienceMs, renewalMs, retryMs, sureMs, takeUpMs };

'use strict';
// Lists that are too long for one answer.

const PAGE = 1_000;

// Yields requests, is sent their answers or has their errors thrown into it, and returns all entries.
function* reading(wanted) {
  let whole;
  try {
    return (yield wanted).data;
  } catch (error) {
    if (error.code !== 'INVALID_REQUEST') throw error;
    whole = error; // too long, or invalid in another way, in which a page fails too
  }
  const entries = [];
  for (let next = {}; next !== undefined; ) {
    try {
      const page = yield { ...wanted, limit: PAGE, ...next };
      for (const entry of page.data) entries.push(entry);
      next = page.next === undefined ? undefined : { after: page.next };
    } catch (error) {
      throw entries.length > 0 ? error : whole;
    }
  }
  return entries;
}

/** All entries of a list, in one read if it is short enough, else in pages. `ask` sends a request and returns its answer, or throws. */
function askAll(ask, wanted) {
  const list = reading(wanted);
  let step = list.next();
  while (!step.done) {
    let answer;
    try {
      answer = ask(step.value);
    } catch (error) {
      step = list.throw(error);
      continue;
    }
    step = list.next(answer);
  }
  return step.value;
}

/** As askAll, for an `ask` that returns a promise. */
async function askAllAsync(ask, wanted) {
  const list = reading(wanted);
  let step = list.next();
  while (!step.done) {
    let answer;
    try {
      answer = await ask(step.value);
    } catch (error) {
      step = list.throw(error);
      continue;
    }
    step = list.next(answer);
  }
  return step.value;
}

module.exports = { askAll, askAllAsync };

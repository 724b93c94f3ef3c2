// Numbers that a seed determines: the same fleet on every machine.

/** A source of numbers; `words` are what it depends on. */
export function randomOf(...words) {
  let state = hash(words.join(' '));
  // mulberry32, in the public domain.
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    /** Whether something with this probability happens. */
    isSo: (probability) => next() < probability,
    /** A whole number, both ends included. */
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    /** One of a list. */
    of: (list) => list[Math.floor(next() * list.length)],
  };
}

// FNV-1a.
function hash(text) {
  let value = 0x811c9dc5;
  for (const letter of text) value = Math.imul(value ^ letter.codePointAt(0), 0x01000193);
  return value >>> 0;
}

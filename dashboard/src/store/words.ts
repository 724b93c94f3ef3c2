// Numbers and times as a person reads them.

/** A duration, rounded down: 4 s, 3 min 12 s, 2 h 5 min, 3 d 4 h. */
export function duration(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 600) return s % 60 === 0 ? `${s / 60} min` : `${Math.floor(s / 60)} min ${s % 60} s`;
  const min = Math.floor(s / 60);
  if (min < 60) return `${min} min`;
  const h = Math.floor(min / 60);
  if (h < 24) return min % 60 === 0 ? `${h} h` : `${h} h ${min % 60} min`;
  const d = Math.floor(h / 24);
  return h % 24 === 0 ? `${d} d` : `${d} d ${h % 24} h`;
}

// Made once: that takes longer than all that they do.
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const NUMBER = new Intl.NumberFormat('en-US');
const DAY_AND_CLOCK = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** Day and time, by the browser's time zone. */
export function dayAndClock(at: number): string {
  return DAY_AND_CLOCK.format(at);
}

/** The time of day, by the browser's time zone. */
export function clock(at: number): string {
  return CLOCK.format(at);
}

/** 1,000 */
export function number(n: number): string {
  return NUMBER.format(n);
}

/** 1 lease, 2 leases, 1,000 leases. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${number(n)} ${n === 1 ? one : many}`;
}

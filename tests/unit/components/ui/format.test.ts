import { describe, expect, it } from 'vitest';
import { about, clock, countdown, exactTime, fullTime, time, took } from '@/components/ui/format';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('countdown', () => {
  it.each([
    [-5, '0:00'],
    [0, '0:00'],
    [999, '0:00'],
    [SECOND, '0:01'],
    [48 * SECOND + 999, '0:48'],
    [MINUTE - 1, '0:59'],
    [MINUTE, '1:00'],
    [9 * MINUTE + 5 * SECOND, '9:05'],
    [42 * MINUTE + 17 * SECOND, '42:17'],
    [HOUR - 1, '59:59'],
    [HOUR, '1:00:00'],
    [5 * HOUR + 2 * MINUTE + 11 * SECOND, '5:02:11'],
    [DAY - 1, '23:59:59'],
    [DAY, '1d'],
    [6 * DAY + 23 * HOUR + 59 * MINUTE, '6d 23h'],
  ])('%d ms is %s', (ms, words) => {
    expect(countdown(ms)).toBe(words);
  });
});

describe('about', () => {
  it.each([
    [0, '0 s'],
    [3400, '3 s'],
    [-3400, '3 s'],
    [MINUTE, '1 min'],
    [12 * MINUTE + 10 * SECOND, '12 min'],
    [-12 * MINUTE, '12 min'],
    [HOUR, '1 h'],
    [2 * HOUR + 10 * MINUTE, '2 h'],
    [DAY, '1 d'],
    [5 * DAY, '5 d'],
    [MINUTE - 1, '1 min'],
    [HOUR - 1, '1 h'],
    [DAY - 1, '1 d'],
  ])('%d ms is %s', (ms, words) => {
    expect(about(ms)).toBe(words);
  });
});

describe('took', () => {
  it.each([
    [0, '0 ms'],
    [0.4, '0 ms'],
    [38.2, '38 ms'],
    [999, '999 ms'],
    [999.6, '1.0 s'],
    [SECOND, '1.0 s'],
    [1449, '1.4 s'],
    [12_000, '12.0 s'],
  ])('%d ms is %s', (ms, words) => {
    expect(took(ms)).toBe(words);
  });
});

describe('clock', () => {
  const at = (day: number, hour: number, minute: number, second: number) => new Date(2026, 9, day, hour, minute, second).getTime();

  const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

  it.each([
    [at(5, 11, 43, 20), at(5, 23, 59, 59)],
    [at(5, 0, 0, 0), at(5, 12, 0, 0)],
  ])('%d at %d, on the same day, is the time alone', (instant, now) => {
    expect(clock(instant, now)).toBe(time(instant));
    expect(clock(instant, now)).not.toContain(day.format(instant));
  });

  it.each([
    [at(5, 23, 59, 59), at(6, 0, 0, 0)],
    [at(6, 0, 0, 0), at(5, 23, 59, 59)],
  ])('%d at %d, on another day, has the date too', (instant, now) => {
    expect(clock(instant, now)).toContain(time(instant));
    expect(clock(instant, now)).toContain(day.format(instant));
  });

  it('is in the locale of the user, to the millisecond where that is asked for', () => {
    expect(time(at(5, 11, 43, 20))).toBe(new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' }).format(at(5, 11, 43, 20)));
    expect(exactTime(at(5, 11, 43, 20) + 42)).toMatch(/11\D43\D20\D042/);
  });

  it('gives the full date and time', () => {
    expect(fullTime(at(5, 11, 43, 20))).toMatch(/2026.*11\D43\D20/);
  });
});

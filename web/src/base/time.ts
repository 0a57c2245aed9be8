/* SPDX-License-Identifier: Apache-2.0 */
/*
 * time - what is left, and when something was, as a person says it.
 *
 * The server's clock rules: its Date header sets how far ours is off. Functions are pure over
 * milliseconds; `now` is the one signal that ticks.
 */
import { signal } from '@preact/signals';
import { type Lang, lang, t } from './words.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let offset_ms = 0;
export const now = signal(Date.now());

/* Under a clock set by hand (a drill), time stands where the server says until it is set again. */
let held_ms: number | null = null;

export function holdTime(at: string): void {
  held_ms = Date.parse(at);
  now.value = held_ms;
}

let answered_ms = 0;

/* What the server's clock says now, whatever this device's does. */
export const serverNow = (): number => held_ms ?? Date.now() + offset_ms;

/* The server's time at its last answer, in whole seconds: what is older was in that answer. */
export const answeredAt = (): number => held_ms ?? answered_ms;

export function setServerTime(date: string | null): void {
  const server = date ? Date.parse(date) : Number.NaN;
  if (!Number.isNaN(server)) answered_ms = server;
  /* Date has whole seconds: smaller differences mean nothing. */
  if (!Number.isNaN(server)) {
    const off = server - Date.now();
    offset_ms = Math.abs(off) > 2 * SECOND ? off : 0;
  }
}

export function openClock(): void {
  setInterval(() => {
    if (held_ms === null) now.value = Date.now() + offset_ms;
  }, SECOND);
}

export type Tone = 'calm' | 'soon' | 'late';
export type Left = { tone: Tone; span: Span };
export type Span =
  | { unit: 'clock'; minutes: number; seconds: number }
  | { unit: 'hours'; hours: number; minutes: number }
  | { unit: 'days'; days: number; hours: number };

/* 37:12 below an hour, then hours and minutes, then days. */
export function spanOf(ms: number): Span {
  const whole = Math.floor(Math.abs(ms) / SECOND) * SECOND;
  if (whole < HOUR)
    return {
      unit: 'clock',
      minutes: Math.floor(whole / MINUTE),
      seconds: Math.floor((whole % MINUTE) / SECOND),
    };
  if (whole < 2 * DAY)
    return {
      unit: 'hours',
      hours: Math.floor(whole / HOUR),
      minutes: Math.floor((whole % HOUR) / MINUTE),
    };
  return { unit: 'days', days: Math.floor(whole / DAY), hours: Math.floor((whole % DAY) / HOUR) };
}

/* `soon_ms` before it is due, time turns red; after that it is late. */
export function leftOf(due_ms: number, now_ms: number, soon_ms: number): Left {
  const ms = due_ms - now_ms;
  const tone: Tone = ms <= 0 ? 'late' : ms <= soon_ms ? 'soon' : 'calm';
  return { tone, span: spanOf(ms) };
}

const two = (n: number) => String(n).padStart(2, '0');

export function saySpan(span: Span): string {
  switch (span.unit) {
    case 'clock':
      return `${two(span.minutes)}:${two(span.seconds)}`;
    case 'hours':
      return t(span.minutes ? 'ui.time.hours_minutes' : 'ui.time.hours', span);
    case 'days':
      return t(span.hours && span.days < 10 ? 'ui.time.days_hours' : 'ui.time.days', span);
  }
}

const isSameDay = (a: Date, b: Date) => a.toDateString() === b.toDateString();

/* "14:05" today, "昨天 14:05", "11月20日 14:05", and with the year when it is another one. */
export function sayWhen(at_ms: number, now_ms: number): string {
  const at = new Date(at_ms);
  const today = new Date(now_ms);
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (isSameDay(at, today)) return clock;
  if (isSameDay(at, new Date(now_ms - DAY))) return t('ui.time.yesterday', { clock });
  if (isSameDay(at, new Date(now_ms + DAY))) return t('ui.time.tomorrow', { clock });
  return `${sayDay(at, today, lang.value)} ${clock}`;
}

const days = new Map<string, Intl.DateTimeFormat>();

function dayForm(which: Lang, isThisYear: boolean): Intl.DateTimeFormat {
  const name = `${which} ${isThisYear}`;
  const found = days.get(name);
  if (found) return found;
  const how: Intl.DateTimeFormatOptions =
    which === 'zh' ? { month: 'long', day: 'numeric' } : { month: 'short', day: 'numeric' };
  if (!isThisYear) how.year = 'numeric';
  const made = new Intl.DateTimeFormat(which === 'zh' ? 'zh-CN' : 'en-GB', how);
  days.set(name, made);
  return made;
}

function sayDay(at: Date, today: Date, which: Lang): string {
  return dayForm(which, at.getFullYear() === today.getFullYear()).format(at);
}

/* The exact time, for the title of a <time>. */
export function sayExact(at_ms: number): string {
  const at = new Date(at_ms);
  const off = -at.getTimezoneOffset();
  const zone = `${off < 0 ? '-' : '+'}${two(Math.floor(Math.abs(off) / 60))}:${two(Math.abs(off) % 60)}`;
  return (
    `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ` +
    `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())} (UTC${zone})`
  );
}

/* What <input type=datetime-local> holds, and RFC 3339 with the reader's offset back from it. */
export function toLocalInput(at_ms: number): string {
  const at = new Date(at_ms);
  return (
    `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}` +
    `T${two(at.getHours())}:${two(at.getMinutes())}`
  );
}

export function fromLocalInput(text: string): string {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return '';
  const off = -at.getTimezoneOffset();
  const zone = `${off < 0 ? '-' : '+'}${two(Math.floor(Math.abs(off) / 60))}:${two(Math.abs(off) % 60)}`;
  return `${toLocalInput(at.getTime())}:00${zone}`;
}

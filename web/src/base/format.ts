/* SPDX-License-Identifier: Apache-2.0 */
/* format - identifiers in groups and numbers in full, as people read them. */
import { lang } from './words.ts';

function inFours(digits: string): string {
  return digits.replace(/(\d{4})(?=\d)/g, '$1 ');
}

/* 139 1234 5678; 6222 0210 0100 1234 567; others as they are. */
export function group(kind: string, value: string): string {
  if (kind === 'number') {
    const mobile = /^(?:\+86)?(1[3-9]\d)(\d{4})(\d{4})$/.exec(value);
    if (mobile) return `${mobile[1]} ${mobile[2]} ${mobile[3]}`;
    const short = /^short:86:(\d+)$/.exec(value);
    return short?.[1] ?? value;
  }
  if (
    (kind === 'account' && /^\d{12,}$/.test(value)) ||
    (kind === 'device' && /^\d{15}$/.test(value))
  )
    return inFours(value);
  if (kind === 'company' && /^[0-9A-Z]{18}$/.test(value))
    return `${value.slice(0, 2)} ${value.slice(2, 8)} ${value.slice(8, 17)} ${value.slice(17)}`;
  return value;
}

/* "10,000+" where counting ended before the end. */
export function countOf(page: { total: number; total_is_least?: boolean }): string {
  return count(page.total) + (page.total_is_least ? '+' : '');
}

/* Making a formatter takes as long as a hundred uses of it: each is made once. */
const forms = new Map<string, Intl.NumberFormat>();

function formOf(currency: string): Intl.NumberFormat {
  const name = `${lang.value} ${currency}`;
  const found = forms.get(name);
  if (found) return found;
  const how: Intl.NumberFormatOptions = currency
    ? { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }
    : {};
  const made = new Intl.NumberFormat(lang.value === 'zh' ? 'zh-CN' : 'en-GB', how);
  forms.set(name, made);
  return made;
}

export function count(n: number): string {
  return formOf('').format(n);
}

const digits = new Map<Intl.NumberFormat, number>();

function digitsOf(form: Intl.NumberFormat): number {
  const found = digits.get(form);
  if (found !== undefined) return found;
  const made = form.resolvedOptions().maximumFractionDigits ?? 2;
  digits.set(form, made);
  return made;
}

/* Money in the smallest unit, as people write it: ¥12,345.67. */
export function money(minor: number, currency = 'CNY'): string {
  const form = formOf(currency);
  return form.format(minor / 10 ** digitsOf(form));
}

/* An identifier where there is little room: both ends, as people compare them. */
export function shortName(name: string): string {
  const close = name.replace(/\s/g, '');
  return close.length > 12
    ? `${close.slice(0, 4)} … ${close.slice(-8, -4)} ${close.slice(-4)}`
    : name;
}

/* A long hash, still recognisable at both ends. */
export function shortHash(hex: string): string {
  return hex.length > 20 ? `${hex.slice(0, 8)}…${hex.slice(-8)}` : hex;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* router - the address is the state: one signal of where we are, and two ways to move. */
import { computed, signal } from '@preact/signals';

export const here = signal(new URL(location.href));
export const path = computed(() => here.value.pathname);

function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/* "/incidents/i-7/accounts/6222": the parts of the path as they are written for people. */
export const segments = computed(() => path.value.split('/').slice(1).map(plain));

type Move = 'push' | 'replace';

export function go(to: string, move: Move = 'push'): void {
  const target = new URL(to, location.href);
  if (target.href === here.value.href) return;
  const isNewPage = target.pathname !== here.value.pathname;
  if (move === 'push') history.pushState(null, '', target);
  else history.replaceState(null, '', target);
  here.value = target;
  if (isNewPage) scrollTo(0, 0);
}

/* One value of the query; the empty string when it is not there. */
export function query(name: string): string {
  return here.value.searchParams.get(name) ?? '';
}

/* The address with some values changed; an empty value leaves it. */
export function withQuery(changes: Record<string, string>): string {
  const target = new URL(here.value);
  for (const [name, value] of Object.entries(changes)) {
    if (value) target.searchParams.set(name, value);
    else target.searchParams.delete(name);
  }
  return target.pathname + target.search;
}

/* Pages the server renders itself, and its interface: a real navigation. */
const FOREIGN = /^\/(v1|notice|metrics|healthz|readyz|assets)(\/|$)/;

function followed(event: MouseEvent): URL | null {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = (event.target as Element | null)?.closest?.('a[href]');
  if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute('download'))
    return null;
  const target = new URL(link.href);
  if (target.origin !== location.origin || FOREIGN.test(target.pathname)) return null;
  if (target.hash && target.pathname === location.pathname) return null;
  return target;
}

export function openRouter(): void {
  addEventListener('popstate', () => {
    here.value = new URL(location.href);
  });
  document.addEventListener('click', (event) => {
    const target = followed(event);
    if (!target) return;
    event.preventDefault();
    go(target.href);
  });
}

/* SPDX-License-Identifier: Apache-2.0 */
/* palette - Ctrl-K: any page, command, number, name or account from anywhere. */
import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { get, search } from '../base/api.ts';
import type { Listing, Page } from '../base/model.ts';
import { go } from '../base/router.ts';
import { can, signOut, user } from '../base/session.ts';
import { turnTheme } from '../base/theme.ts';
import { chooseLang, lang, t, term } from '../base/words.ts';
import { Icon, type IconName } from './icon.tsx';
import { places } from './places.ts';

export const isPaletteOpen = signal(false);

/* An id as it is copied from a page, a letter or the ledger: the records that it may be of. */
const isId = (text: string): boolean => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(text);

type Named = { kind: 'report' | 'incident' | 'order' | 'round'; id: string };
const RECORDS: Record<
  Named['kind'],
  { icon: IconName; address: string; page: (id: string) => string }
> = {
  report: { icon: 'file', address: '/v1/reports/', page: (id) => `/reports/${id}` },
  incident: { icon: 'incident', address: '/v1/incidents/', page: (id) => `/incidents/${id}` },
  order: { icon: 'gate_closed', address: '/v1/orders/', page: (id) => `/orders?id=${id}` },
  round: { icon: 'refund', address: '/v1/rounds/', page: (id) => `/rounds/${id}` },
};

async function findNamed(id: string, signal: AbortSignal): Promise<Named[]> {
  const kinds = (Object.keys(RECORDS) as Named['kind'][]).filter((kind) => can(`${kind}.read`));
  const found = await Promise.all(
    kinds.map((kind) =>
      get(RECORDS[kind].address + id, { signal, quiet: true }).then(
        () => [{ kind, id }],
        () => [],
      ),
    ),
  );
  return found.flat();
}

type Item = { id: string; icon: IconName; name: string; note?: string; act: () => void };

function commands(): Item[] {
  const items: Item[] = places().map((p) => ({
    id: p.href,
    icon: p.icon,
    name: t(p.name),
    note: t('ui.palette.page'),
    act: () => go(p.href),
  }));
  const command = (id: string, icon: IconName, key: string, act: () => void) =>
    items.push({ id, icon, name: t(key), note: t('ui.palette.command'), act });
  if (can('listing.propose')) command('new', 'plus', 'ui.lists.new', () => go('/lists?new=1'));
  if (can('incident.open'))
    command('incident', 'incident', 'ui.incidents.new', () => go('/incidents?new=1'));
  if (can('listing.approve'))
    command('waiting', 'hour', 'ui.palette.waiting', () => go('/lists?state=proposed'));
  command(
    'lang',
    'lang',
    lang.value === 'zh' ? 'ui.palette.to_en' : 'ui.palette.to_zh',
    () => void chooseLang(lang.value === 'zh' ? 'en' : 'zh'),
  );
  command('theme', 'moon', 'ui.palette.theme', turnTheme);
  if (user.value) command('leave', 'leave', 'ui.sign_out', () => void signOut());
  else command('enter', 'enter', 'ui.sign_in', () => go('/sign-in'));
  return items;
}

type Found = { listings: Listing[]; named: Named[] };
const NOTHING: Found = { listings: [], named: [] };

function found(text: string, { listings, named: records }: Found): Item[] {
  const asked = text.trim();
  const lower = asked.toLowerCase();
  const named = commands().filter((c) => !asked || c.name.toLowerCase().includes(lower));
  if (!asked) return named;
  const items: Item[] = records.map(({ kind, id }) => ({
    id,
    icon: RECORDS[kind].icon,
    name: t(`ui.palette.record.${kind}`),
    note: id,
    act: () => go(RECORDS[kind].page(id)),
  }));
  for (const l of listings)
    items.push({
      id: l.listing,
      icon: l.kind,
      name: l.display,
      note: `${term('action', l.action)} · ${term('state', l.state)}`,
      act: () => go(`/lists?id=${encodeURIComponent(l.listing)}`),
    });
  items.push({
    id: 'check',
    icon: 'check',
    name: t('ui.palette.check', { text: asked }),
    act: () => go(`/check?q=${encodeURIComponent(asked)}`),
  });
  if (user.value)
    items.push({
      id: 'search',
      icon: 'lists',
      name: t('ui.palette.search', { text: asked }),
      act: () => go(`/lists?q=${encodeURIComponent(asked)}`),
    });
  /* A page's name typed in full comes first; otherwise the records do. */
  return named.length && asked.length <= 4 ? [...named, ...items] : [...items, ...named];
}

function useFound(text: string): Found {
  const [all, setAll] = useState<Found>(NOTHING);
  useEffect(() => {
    setAll(NOTHING);
    const asked = text.trim();
    if (asked.length < 2 || !user.value) return undefined;
    const stop = new AbortController();
    const put = (some: Partial<Found>) =>
      !stop.signal.aborted && setAll((old) => ({ ...old, ...some }));
    const timer = setTimeout(() => {
      get<Page<Listing>>(`/v1/listings${search({ q: asked, limit: 6 })}`, { signal: stop.signal })
        .then((page) => put({ listings: page.items }))
        .catch(() => {});
      const id = asked.toUpperCase();
      if (isId(id)) void findNamed(id, stop.signal).then((named) => put({ named }));
    }, 150);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text]);
  return all;
}

function Choice(props: { item: Item; index: number; isOn: boolean; run: () => void }) {
  const { item } = props;
  return (
    /* biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above holds the keyboard */
    /* biome-ignore lint/a11y/useFocusableInteractive: options of a combobox are not tab stops */
    <div
      id={`palette-${props.index}`}
      role="option"
      aria-selected={props.isOn}
      class={props.isOn ? 'on' : undefined}
      onClick={props.run}
    >
      <Icon name={item.icon} />
      <span class="palette-name">{item.name}</span>
      {item.note && <span class="quiet">{item.note}</span>}
    </div>
  );
}

function Body({ close }: { close: () => void }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const items = found(text, useFound(text));
  const on = Math.min(at, items.length - 1);
  const run = (item: Item | undefined) => {
    if (!item) return;
    close();
    item.act();
  };
  const press = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown') setAt(Math.min(on + 1, items.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(on - 1, 0));
    else if (event.key === 'Enter') run(items[on]);
    else return;
    event.preventDefault();
  };
  useEffect(() => {
    document.getElementById(`palette-${on}`)?.scrollIntoView({ block: 'nearest' });
  }, [on]);
  return (
    <>
      <div class="palette-box">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-items"
          aria-activedescendant={`palette-${on}`}
          aria-label={t('ui.palette.label')}
          placeholder={t('ui.palette.label')}
          autocomplete="off"
          spellcheck={false}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={press}
        />
      </div>
      <div
        id="palette-items"
        class="palette-items"
        role="listbox"
        aria-label={t('ui.palette.label')}
      >
        {items.map((item, i) => (
          <Choice key={item.id} item={item} index={i} isOn={i === on} run={() => run(item)} />
        ))}
      </div>
      <p class="palette-foot quiet">{t('ui.palette.keys')}</p>
    </>
  );
}

export function Palette() {
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      isPaletteOpen.value = !isPaletteOpen.value;
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  const isOpen = isPaletteOpen.value;
  useLayoutEffect(() => {
    if (isOpen && !box.current?.open) {
      box.current?.showModal();
      box.current?.querySelector('input')?.focus();
    } else if (!isOpen && box.current?.open) box.current.close();
  }, [isOpen]);
  const close = () => {
    isPaletteOpen.value = false;
  };
  return (
    /* biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself */
    <dialog
      class="palette"
      ref={box}
      aria-label={t('ui.palette.label')}
      onClose={close}
      onClick={(event) => {
        if (event.target === box.current) close();
      }}
    >
      {isOpen && <Body close={close} />}
    </dialog>
  );
}

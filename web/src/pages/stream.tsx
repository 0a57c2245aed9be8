/* SPDX-License-Identifier: Apache-2.0 */
/* stream - what happens now, newest on top; it stands still while somebody reads. */
import { useRef, useState } from 'preact/hooks';
import { get, search } from '../base/api.ts';
import { count } from '../base/format.ts';
import { useKeys, useLive, useLoad, useTitle } from '../base/hooks.ts';
import type { Kind, Leaf, Listing, Live, Page } from '../base/model.ts';
import { streamState } from '../base/stream.ts';
import { t, term } from '../base/words.ts';
import { Badge, Key, KindIcon, When } from '../parts/bits.tsx';
import { Icon } from '../parts/icon.tsx';
import { Broken, Empty, Waiting } from '../parts/states.tsx';
import { sayActor } from '../parts/timeline.tsx';

const KEPT = 500;

/* Acts people look at; sessions and readings are in the ledger. */
const SHOWN = /^(listing|appeal|incident|report|order|round|user|batch|centre)\./;
const QUIET = /\.(read|hear|audit|export|allot)$/;

/* Where a record is looked at; an appeal's event names its subject, too. */
const PAGES = {
  appeal: '/appeals?id=',
  listing: '/lists?id=',
  order: '/orders?id=',
  round: '/rounds/',
  incident: '/incidents/',
  report: '',
} as const;
const SUBJECTS = Object.keys(PAGES) as (keyof typeof PAGES)[];

function fromLeaf(leaf: Leaf): Live {
  return {
    id: String(leaf.index),
    name: leaf.record_kind,
    act: leaf.act,
    actor: leaf.actor,
    at: leaf.at,
    ...(leaf.record_kind in PAGES ? { [leaf.record_kind]: leaf.record } : {}),
  };
}

/* Newest on top, each once: a stream that opens again repeats what just happened. */
function merge(news: Live[], old: Live[]): Live[] {
  const byId = new Map([...old, ...news].map((l) => [l.id, l]));
  return [...byId.values()].sort((a, b) => Number(b.id) - Number(a.id)).slice(0, KEPT);
}

function hrefOf(live: Live): string {
  const subject = SUBJECTS.find((name) => PAGES[name] && live[name]);
  return subject
    ? `${PAGES[subject]}${encodeURIComponent(live[subject] ?? '')}`
    : `/ledger?leaf=${live.id}`;
}

const nameOf = (live: Live): string =>
  live.display ?? SUBJECTS.map((name) => live[name]).find(Boolean) ?? '';

function Event({ live }: { live: Live }) {
  return (
    <li>
      <a class="event" href={hrefOf(live)}>
        <span class="event-at quiet">
          <When at={live.at} />
        </span>
        <span class="event-what">
          <strong>{term('deed', live.act ?? '')}</strong>{' '}
          <span class="quiet">{sayActor(live.actor ?? '')}</span>
        </span>
        <span class="event-on">
          {live.listing && live.kind && <KindIcon kind={live.kind as Kind} size={18} />}
          <code>{nameOf(live)}</code>
        </span>
      </a>
    </li>
  );
}

function Standing() {
  const state = streamState.value;
  const [icon, colour] =
    state === 'open'
      ? (['pass', 'jade'] as const)
      : state === 'opening'
        ? (['hour', 'ochre'] as const)
        : (['off', 'ochre'] as const);
  return (
    <Badge icon={icon} colour={colour}>
      {t(`ui.stream.${state}`)}
    </Badge>
  );
}

/* The ledger names records by id; people know the newest listings by what they are about. */
async function loadNames(signal: AbortSignal): Promise<Map<string, Partial<Live>>> {
  const names = new Map<string, Partial<Live>>();
  try {
    const newest = await get<Page<Listing>>(`/v1/listings${search({ limit: 100 })}`, { signal });
    for (const { listing, kind, display } of newest.items) names.set(listing, { kind, display });
  } catch {
    /* ids will do */
  }
  return names;
}

/* The last hundred acts of the ledger, so that the page is not empty when it opens. */
async function loadPast(signal: AbortSignal): Promise<Live[]> {
  const newest = await get<Page<Leaf>>(`/v1/audit${search({ limit: 1 })}`, { signal });
  const after = newest.total > 101 ? newest.total - 101 : undefined;
  const page = await get<Page<Leaf>>(`/v1/audit${search({ after, limit: 100 })}`, { signal });
  const names = await loadNames(signal);
  return page.items
    .filter((l) => SHOWN.test(l.act) && !QUIET.test(l.act))
    .map((l) => ({ ...fromLeaf(l), ...names.get(l.record) }))
    .sort((a, b) => Number(b.id) - Number(a.id));
}

export function Stream() {
  useTitle(t('ui.nav.stream'));
  const past = useLoad<Live[]>('stream', loadPast);
  const [shown, setShown] = useState<Live[]>([]);
  const [fresh, setFresh] = useState<Live[]>([]);
  const [isStill, setStill] = useState(false);
  const top = useRef<HTMLDivElement>(null);
  useLive((live) => {
    const isReading = isStill || scrollY > 120;
    if (isReading) setFresh((old) => merge([live], old));
    else setShown((old) => merge([live], old));
  });
  const show = () => {
    setShown((old) => merge(fresh, old));
    setFresh([]);
    top.current?.scrollIntoView({ block: 'end' });
  };
  const turn = () => {
    if (isStill) show();
    setStill(!isStill);
  };
  useKeys({ p: turn });
  const all = merge(shown, past.data ?? []);
  const unseen = fresh.filter((l) => !all.some((a) => a.id === l.id));
  return (
    <div class="column broad" ref={top}>
      <header class="page-head">
        <div>
          <h1>{t('ui.nav.stream')}</h1>
          <p class="quiet">{t('ui.stream.what')}</p>
        </div>
        <Standing />
        <button type="button" class="button" aria-pressed={isStill} onClick={turn}>
          <Icon name={isStill ? 'stream' : 'hour'} size={18} />
          {t(isStill ? 'ui.stream.go' : 'ui.stream.hold')}
          <Key>p</Key>
        </button>
      </header>
      <div class="fresh" aria-live="polite">
        {unseen.length > 0 && (
          <button type="button" onClick={show}>
            <Icon name="up" size={16} />
            {t('ui.lists.fresh', { n: count(unseen.length) })}
          </button>
        )}
      </div>
      {all.length ? (
        <ul class="plain card events">
          {all.map((l) => (
            <Event key={l.id} live={l} />
          ))}
        </ul>
      ) : past.problem ? (
        <Broken problem={past.problem} again={past.reload} works={t('ui.stream.still')} />
      ) : past.isLoading ? (
        <Waiting what={t('ui.slow.list')} />
      ) : (
        <Empty icon="stream" title={t('ui.stream.empty')}>
          <p>{t('ui.stream.empty_text')}</p>
        </Empty>
      )}
    </div>
  );
}

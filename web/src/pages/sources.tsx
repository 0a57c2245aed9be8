/* SPDX-License-Identifier: Apache-2.0 */
/* sources - lists that others keep: what each does, where it stands, and the way to one of them. */
import { useState } from 'preact/hooks';
import { get, search } from '../base/api.ts';
import { count } from '../base/format.ts';
import { useKeys, useLoad, useTitle } from '../base/hooks.ts';
import { type Page, SOURCE_STATES, type Source } from '../base/model.ts';
import { go, query, withQuery } from '../base/router.ts';
import { can } from '../base/session.ts';
import { t, term } from '../base/words.ts';
import { ActionBadge, Badge, type Colour, Key, KindIcon, When } from '../parts/bits.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Broken, Empty, Waiting } from '../parts/states.tsx';
import { SourceDetail } from './source.tsx';
import { NewSource } from './source-new.tsx';

const STATE_LOOK: Record<Source['state'], [IconName, Colour]> = {
  proposed: ['hour', 'ochre'],
  in_force: ['pass', 'jade'],
  ended: ['lift', 'ink'],
  refused: ['cross', 'ink'],
};

export function SourceBadges({ item }: { item: Source }) {
  const [icon, colour] = STATE_LOOK[item.state];
  return (
    <>
      <Badge icon={icon} colour={colour}>
        {term('state', item.state)}
      </Badge>
      {item.role === 'protects' ? (
        <Badge icon="allow" colour="jade">
          {term('role_of_source', item.role)}
        </Badge>
      ) : (
        <ActionBadge action={item.action} />
      )}
    </>
  );
}

function Row({ item }: { item: Source }) {
  return (
    <li>
      <a class="source-row" href={withQuery({ id: item.id })}>
        <KindIcon kind={item.kind} />
        <span class="source-name">
          <strong>{item.name}</strong>
          <span class="quiet">{item.origin}</span>
        </span>
        <span class="badges">
          <SourceBadges item={item} />
        </span>
        <span class="source-fact">
          <span class="quiet">{t('ui.sources.size')}</span> {count(item.size)}
        </span>
        <span class="source-fact">
          <span class="quiet">{t('ui.sources.last')}</span>{' '}
          {item.taken_at ? <When at={item.taken_at} /> : t('ui.sources.never')}
        </span>
        <span class="source-fact">
          <span class="quiet">{t('ui.sources.end')}</span> <When at={item.until} />
        </span>
      </a>
    </li>
  );
}

function Tabs() {
  const state = query('state');
  return (
    <nav class="tabs" aria-label={t('ui.filter.state')}>
      {['', ...SOURCE_STATES].map((s) => (
        <a key={s} href={withQuery({ state: s })} aria-current={state === s ? 'true' : undefined}>
          {s ? term('state', s) : t('ui.filter.all')}
        </a>
      ))}
    </nav>
  );
}

function None() {
  if (query('state')) return <Empty icon="search" title={t('ui.sources.none_match')} />;
  return (
    <Empty icon="source" title={t('ui.sources.empty')}>
      <p>{t('ui.sources.empty_text')}</p>
    </Empty>
  );
}

/* j and k walk the rows; Enter is the focused row's own. */
function walk(by: number) {
  const rows = [...document.querySelectorAll<HTMLElement>('.source-row')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  rows[Math.max(0, Math.min(rows.length - 1, at + by))]?.focus();
}

const PAGE = 100;

/* The page of this filter, and those that were asked for behind it. */
function useSources() {
  const filter = query('state');
  const asked = `/v1/sources${search({ state: filter, limit: PAGE })}`;
  const first = useLoad<Page<Source>>(asked, (signal) => get(asked, { signal }));
  const [more, setMore] = useState<{ behind: Page<Source> | null; pages: Page<Source>[] }>({
    behind: null,
    pages: [],
  });
  const pages = more.behind === first.data ? more.pages : [];
  const next = (pages.at(-1) ?? first.data)?.next;
  const loadMore = async () => {
    const address = `/v1/sources${search({ state: filter, limit: PAGE, cursor: next ?? '' })}`;
    const page = await get<Page<Source>>(address);
    setMore({ behind: first.data, pages: [...pages, page] });
  };
  const items = [...(first.data?.items ?? []), ...pages.flatMap((p) => p.items)];
  return { ...first, items, next, loadMore };
}

function List() {
  const { data, items, next, loadMore, problem, reload } = useSources();
  const isNew = query('new') === '1';
  const mayPropose = can('source.propose');
  useKeys({
    j: () => walk(1),
    k: () => walk(-1),
    n: () => mayPropose && go(withQuery({ new: '1' })),
    Escape: () => isNew && go(withQuery({ new: '' })),
  });
  return (
    <div class="column broad">
      <header class="page-head">
        <div>
          <h1>{t('ui.nav.sources')}</h1>
          <p class="quiet">{t('ui.sources.what')}</p>
        </div>
        {mayPropose && !isNew && (
          <a class="button primary" href={withQuery({ new: '1' })}>
            <Icon name="plus" size={18} />
            {t('ui.sources.new')}
            <Key>n</Key>
          </a>
        )}
      </header>
      {isNew && mayPropose && (
        <NewSource done={(made) => go(withQuery({ new: '', id: made.id }), 'replace')} />
      )}
      <Tabs />
      {problem && !data ? (
        <Broken problem={problem} again={reload} works={t('ui.sources.broken')} />
      ) : !data ? (
        <Waiting what={t('ui.slow.list')} />
      ) : items.length ? (
        <>
          <ul class="plain card sources">
            {items.map((s) => (
              <Row key={s.id} item={s} />
            ))}
          </ul>
          {next && (
            <p class="acts">
              <button type="button" class="button" onClick={() => void loadMore()}>
                {t('ui.sources.more', { n: count(data.total - items.length) })}
              </button>
            </p>
          )}
        </>
      ) : (
        <None />
      )}
    </div>
  );
}

export function Sources() {
  useTitle(t('ui.nav.sources'));
  const id = query('id');
  return id ? <SourceDetail key={id} id={id} /> : <List />;
}

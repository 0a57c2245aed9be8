/* SPDX-License-Identifier: Apache-2.0 */
/* split - a list beside what was chosen from it: keys, tabs, and the four states of a list. */
import type { ComponentChildren } from 'preact';
import { type Loaded, useKeys } from '../base/hooks.ts';
import type { Page } from '../base/model.ts';
import { go } from '../base/router.ts';
import { t } from '../base/words.ts';
import { Icon } from './icon.tsx';
import { Broken, Waiting } from './states.tsx';

export type SplitTab = { href: string; name: string; isOn: boolean };

type Props<T> = {
  title: string;
  say: string | null /* how many there are, once it is known */;
  tabs: SplitTab[];
  loaded: Loaded<Page<T>>;
  items: T[];
  id: string;
  idOf: (item: T) => string;
  hrefOf: (id: string) => string;
  row: (item: T) => ComponentChildren;
  mark?: (item: T) => ComponentChildren /* beside the link: to choose many */;
  empty: ComponentChildren;
  works?: string;
  pick: ComponentChildren;
  more?: (() => void) | undefined /* there are older ones */;
  children: ComponentChildren /* what was chosen, or nothing */;
};

function useStep(ids: string[], id: string, hrefOf: (id: string) => string) {
  const at = ids.indexOf(id);
  const step = (by: number) => {
    const next = ids[Math.max(0, Math.min(ids.length - 1, at + by))];
    if (next) go(hrefOf(next), id ? 'replace' : 'push');
  };
  useKeys({
    j: () => step(1),
    ArrowDown: () => step(1),
    k: () => step(at < 0 ? 1 : -1),
    ArrowUp: () => step(at < 0 ? 1 : -1),
    Enter: () => document.getElementById('detail')?.focus(),
    Escape: () => id && go(hrefOf('')),
  });
}

function Tabs({ tabs }: { tabs: SplitTab[] }) {
  if (!tabs.length) return null;
  return (
    <div class="filters">
      <nav class="tabs" aria-label={t('ui.filter.state')}>
        {tabs.map((tab) => (
          <a key={tab.href} href={tab.href} aria-current={tab.isOn ? 'true' : undefined}>
            {tab.name}
          </a>
        ))}
      </nav>
    </div>
  );
}

function Rows<T>(props: Props<T>) {
  const { data, problem, isLoading, reload } = props.loaded;
  if (!data)
    return problem ? (
      <Broken problem={problem} again={reload} {...(props.works && { works: props.works })} />
    ) : (
      <Waiting what={t('ui.slow.list')} />
    );
  if (!props.items.length) return <>{props.empty}</>;
  return (
    <div class="pane" aria-busy={isLoading}>
      <ul class="plain">
        {props.items.map((item) => {
          const id = props.idOf(item);
          const on = id === props.id;
          const link = {
            href: props.hrefOf(id),
            'aria-current': on ? ('true' as const) : undefined,
          };
          return (
            <li key={id}>
              {props.mark ? (
                <div class="row" data-on={on || undefined}>
                  {props.mark(item)}
                  <a class="row-body" {...link}>
                    {props.row(item)}
                  </a>
                </div>
              ) : (
                <a class="row" {...link}>
                  <span class="row-body">{props.row(item)}</span>
                </a>
              )}
            </li>
          );
        })}
      </ul>
      {props.more && (
        <p class="list-more">
          <button type="button" class="button" aria-disabled={isLoading} onClick={props.more}>
            {t('ui.list.more')}
          </button>
        </p>
      )}
    </div>
  );
}

export function Split<T>(props: Props<T>) {
  useStep(props.items.map(props.idOf), props.id, props.hrefOf);
  return (
    <div class={props.children ? 'split open' : 'split'}>
      <h1 class="unseen">{props.title}</h1>
      <section class="list-side" aria-label={props.title}>
        <header class="list-head">
          <p class="list-title" aria-hidden="true">
            {props.title}
          </p>
          <span class="quiet" role="status">
            {props.say}
          </span>
        </header>
        <Tabs tabs={props.tabs} />
        <Rows {...props} />
      </section>
      <section class="detail-side" aria-label={t('ui.lists.detail')}>
        {props.children || <div class="detail-none">{props.pick}</div>}
      </section>
    </div>
  );
}

/* Back to the list, where only one of both has room. */
export function ToList({ href, name }: { href: string; name: string }) {
  return (
    <a class="button ghost small only-narrow" href={href}>
      <Icon name="back" size={18} />
      {name}
    </a>
  );
}

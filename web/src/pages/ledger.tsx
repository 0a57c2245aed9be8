/* SPDX-License-Identifier: Apache-2.0 */
/* ledger - what was done, by whom; and the proof, checked by the reader's own browser. */
import { useEffect, useState } from 'preact/hooks';
import { get, search } from '../base/api.ts';
import { count, shortHash } from '../base/format.ts';
import { type Loaded, useLoad, useTitle } from '../base/hooks.ts';
import type { Head, Leaf, Page } from '../base/model.ts';
import { go, query, withQuery } from '../base/router.ts';
import { can, user } from '../base/session.ts';
import { checkGrowth, checkHead, checkLeaf, type Finding } from '../base/witness.ts';
import { t, term } from '../base/words.ts';
import { Copy, Fact, Facts, When } from '../parts/bits.tsx';
import { Icon } from '../parts/icon.tsx';
import { Broken, Empty, Waiting } from '../parts/states.tsx';
import { sayActor } from '../parts/timeline.tsx';

const PAGE = 50;

function Findings({ findings, isRunning }: { findings: Finding[]; isRunning: boolean }) {
  return (
    <ul class="findings" aria-live="polite">
      {findings.map((f) => (
        <li key={f.key} class={f.isGood === true ? 'good' : f.isGood === false ? 'bad' : 'open'}>
          <Icon
            name={f.isGood === true ? 'pass' : f.isGood === false ? 'warn' : 'info'}
            size={18}
          />
          <span>{t(f.key, f.fill)}</span>
        </li>
      ))}
      {isRunning && (
        <li class="open">
          <Icon name="hour" size={18} />
          <span>{t('ui.ledger.checking')}</span>
        </li>
      )}
    </ul>
  );
}

/* Runs checks one after the other and shows each answer as it comes. */
function useFindings(name: string, run: (() => Promise<Finding[]>) | null) {
  const [findings, setFindings] = useState<Finding[]>([]);
  const [isRunning, setRunning] = useState(false);
  useEffect(() => {
    setFindings([]);
    if (!run) return undefined;
    let isGone = false;
    setRunning(true);
    run()
      .then((found) => {
        if (!isGone) setFindings(found);
      })
      .catch(() => {
        if (!isGone) setFindings([{ key: 'ui.ledger.not_checked', isGood: null }]);
      })
      .finally(() => {
        if (!isGone) setRunning(false);
      });
    return () => {
      isGone = true;
    };
  }, [name]);
  return { findings, isRunning };
}

function HeadCard({ head }: { head: Head }) {
  const { findings, isRunning } = useFindings(`head ${head.size} ${head.root}`, async () => [
    ...(await checkHead(head)),
    ...(await checkGrowth(head)),
  ]);
  return (
    <section class="card" aria-labelledby="head">
      <h2 id="head">{t('ui.ledger.head')}</h2>
      <Findings findings={findings} isRunning={isRunning} />
      <Facts>
        <Fact name={t('ui.ledger.size')}>{t('ui.ledger.leaves', { n: count(head.size) })}</Fact>
        <Fact name={t('ui.ledger.at')}>
          <When at={head.at} />
        </Fact>
        <Fact name={t('ui.ledger.root')} wide>
          <span class="hash" data-copied>
            <code data-text>{head.root}</code>
            <Copy text={head.root} label={t('ui.copy')} />
          </span>
        </Fact>
        <Fact name={t('ui.ledger.key')} wide>
          <span class="hash" data-copied>
            <code data-text>{head.public_key}</code>
            <Copy text={head.public_key} label={t('ui.copy')} />
          </span>
        </Fact>
      </Facts>
    </section>
  );
}

function LeafCard({ index, head }: { index: number; head: Head }) {
  const asked = `/v1/audit/leaf${search({ index })}`;
  const { data: leaf, problem, reload } = useLoad<Leaf>(asked, (signal) => get(asked, { signal }));
  const { findings, isRunning } = useFindings(
    `leaf ${index} ${head.size} ${leaf?.hash ?? ''}`,
    leaf ? () => checkLeaf(leaf, head) : null,
  );
  return (
    <section class="card" aria-labelledby="leaf">
      <header class="card-head">
        <h2 id="leaf">{t('ui.ledger.leaf', { n: index })}</h2>
        <a class="button ghost small" href={withQuery({ leaf: '' })}>
          <Icon name="cross" size={16} />
          {t('ui.form.close')}
        </a>
      </header>
      {problem ? (
        <Broken problem={problem} again={reload} />
      ) : !leaf ? (
        <Waiting what={t('ui.slow.leaf')} />
      ) : (
        <>
          <p>
            <strong>{term('deed', leaf.act)}</strong> · {sayActor(leaf.actor)} ·{' '}
            <When at={leaf.at} />
          </p>
          {leaf.why && <p class="timeline-why">{leaf.why}</p>}
          <Findings findings={findings} isRunning={isRunning} />
          <p class="hash">
            <span class="quiet">{t('ui.ledger.hash')}</span> <code>{leaf.hash}</code>
          </p>
          {leaf.body && <pre class="leaf-body">{leaf.body}</pre>}
        </>
      )}
    </section>
  );
}

const recordHref = (leaf: Leaf): string | null =>
  leaf.record_kind === 'listing'
    ? `/lists?id=${encodeURIComponent(leaf.record)}`
    : leaf.record_kind === 'appeal'
      ? `/appeals?id=${encodeURIComponent(leaf.record)}`
      : null;

function LeafRow({ leaf, isOn }: { leaf: Leaf; isOn: boolean }) {
  const href = recordHref(leaf);
  return (
    <tr class={isOn ? 'on' : undefined}>
      <td class="num">
        <a href={withQuery({ leaf: String(leaf.index) })}>{leaf.index}</a>
      </td>
      <td class="nowrap">
        <When at={leaf.at} />
      </td>
      <td>{term('deed', leaf.act)}</td>
      <td>{sayActor(leaf.actor)}</td>
      <td>
        {href ? (
          <a href={href}>
            <code>{leaf.record}</code>
          </a>
        ) : (
          <code>{leaf.record}</code>
        )}
      </td>
      <td class="wide-only">
        <code title={leaf.hash}>{shortHash(leaf.hash)}</code>
      </td>
    </tr>
  );
}

function Leaves({ head }: { head: Head }) {
  const record = query('record');
  const actor = query('actor');
  const isFiltered = !!(record || actor);
  /* Without a filter the newest page; `from` is the first index shown. */
  const given = query('from');
  const from = given ? Number(given) : Math.max(0, head.size - PAGE);
  /* The server begins after an index. */
  const after = (isFiltered && !given) || from === 0 ? undefined : from - 1;
  const asked = `/v1/audit${search({ after, record, actor, limit: PAGE })}`;
  const loaded = useLoad<Page<Leaf>>(asked, (signal) => get(asked, { signal }));
  return (
    <section class="card" aria-labelledby="leaves">
      <header class="card-head">
        <h2 id="leaves">{t('ui.ledger.done')}</h2>
        <LeafFilter />
      </header>
      <Table loaded={loaded} />
      {!isFiltered && (
        <nav class="pager" aria-label={t('ui.ledger.pages')}>
          <a
            class="button small"
            href={withQuery({ from: String(Math.max(0, from - PAGE)) })}
            aria-disabled={from === 0}
          >
            <Icon name="back" size={16} />
            {t('ui.ledger.older')}
          </a>
          {given && (
            <a class="button small" href={withQuery({ from: '' })}>
              {t('ui.ledger.newest')}
            </a>
          )}
        </nav>
      )}
    </section>
  );
}

function LeafFilter() {
  const submit = (event: Event) => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const said = (name: string) => String(data.get(name) ?? '').trim();
    go(withQuery({ record: said('record'), actor: said('actor'), from: '' }));
  };
  return (
    <form class="together wrap" onSubmit={submit} role="search">
      <input
        name="record"
        class="small"
        defaultValue={query('record')}
        aria-label={t('ui.ledger.by_record')}
        placeholder={t('ui.ledger.by_record')}
      />
      <input
        name="actor"
        class="small"
        defaultValue={query('actor')}
        aria-label={t('ui.ledger.by_actor')}
        placeholder={t('ui.ledger.by_actor')}
      />
      <button type="submit" class="button small">
        {t('ui.ledger.find')}
      </button>
    </form>
  );
}

function Table({ loaded }: { loaded: Loaded<Page<Leaf>> }) {
  const { data, problem, reload } = loaded;
  if (problem && !data)
    return <Broken problem={problem} again={reload} works={t('ui.ledger.still')} />;
  if (!data) return <Waiting what={t('ui.slow.list')} />;
  if (!data.items.length) return <Empty icon="ledger" title={t('ui.ledger.empty')} />;
  const newestFirst = [...data.items].sort((a, b) => b.index - a.index);
  const on = Number(query('leaf') || -1);
  return (
    /* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable by keyboard */
    <div role="group" class="table-room" tabIndex={0} aria-label={t('ui.ledger.done')}>
      <table>
        <thead>
          <tr>
            <th class="num">{t('ui.ledger.index')}</th>
            <th>{t('ui.ledger.when')}</th>
            <th>{t('ui.ledger.act')}</th>
            <th>{t('ui.ledger.actor')}</th>
            <th>{t('ui.ledger.record')}</th>
            <th class="wide-only">{t('ui.ledger.hash')}</th>
          </tr>
        </thead>
        <tbody>
          {newestFirst.map((l) => (
            <LeafRow key={l.index} leaf={l} isOn={l.index === on} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/* The file holds personal data that is not erased yet, so that its reading has a purpose and a leaf. */
function Export() {
  return (
    <form class="form export" action="/v1/audit/export" method="get">
      <div class="field">
        <label for="purpose">{t('ui.ledger.purpose')}</label>
        <div class="together">
          <input id="purpose" name="purpose" required maxLength={400} autocomplete="off" />
          <button type="submit" class="button">
            <Icon name="download" size={18} />
            {t('ui.ledger.export')}
          </button>
        </div>
        <p class="hint">{t('ui.appeals.purpose_hint')}</p>
      </div>
    </form>
  );
}

function Verify() {
  return (
    <section class="card" aria-labelledby="verify">
      <h2 id="verify">{t('ui.ledger.verify')}</h2>
      <p>{t('ui.ledger.verify_text')}</p>
      <pre class="command">
        <code>yumen audit verify --data ./data</code>
      </pre>
      <p>{t('ui.ledger.second')}</p>
      {can('centre.audit') && <Export />}
    </section>
  );
}

export function Ledger() {
  useTitle(t('ui.nav.ledger'));
  const {
    data: head,
    problem,
    reload,
  } = useLoad<Head>('/v1/audit/head', (signal) => get('/v1/audit/head', { signal }));
  const leaf = query('leaf');
  return (
    <div class="column broad">
      <header class="page-head">
        <div>
          <h1>{t('ui.nav.ledger')}</h1>
          <p class="quiet">{t('ui.ledger.what')}</p>
        </div>
      </header>
      {!head ? (
        problem ? (
          <Broken problem={problem} again={reload} />
        ) : (
          <Waiting what={t('ui.slow.head')} />
        )
      ) : (
        <>
          {leaf && user.value && <LeafCard key={leaf} index={Number(leaf)} head={head} />}
          <HeadCard head={head} />
          {user.value ? (
            <Leaves head={head} />
          ) : (
            <p class="note">
              <Icon name="info" size={18} />
              <span>{t('ui.ledger.public')}</span>
            </p>
          )}
          <Verify />
        </>
      )}
    </div>
  );
}

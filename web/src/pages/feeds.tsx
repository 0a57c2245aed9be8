/* SPDX-License-Identifier: Apache-2.0 */
/* feeds - a file of many proposals: looked at here first, answered row by row. */
import { useRef, useState } from 'preact/hooks';
import { get, type Problem, post, sayProblem, search } from '../base/api.ts';
import { LISTING_COLUMNS, type Preview, previewOf } from '../base/csv.ts';
import { count } from '../base/format.ts';
import { useLoad, useTitle } from '../base/hooks.ts';
import { newKey } from '../base/kept.ts';
import type { Batch, Page, Refusal } from '../base/model.ts';
import { go, query, withQuery } from '../base/router.ts';
import { can } from '../base/session.ts';
import { t, term } from '../base/words.ts';
import { When } from '../parts/bits.tsx';
import { Drop } from '../parts/drop.tsx';
import { Icon } from '../parts/icon.tsx';
import { Broken, Empty, FormProblem, Waiting } from '../parts/states.tsx';

const LOOK_BYTES = 64 * 1024;
const isPacked = (name: string) => /\.(gz|zst)$/i.test(name);

function PreviewTable({ preview }: { preview: Preview }) {
  return (
    <>
      {preview.missing.length > 0 && (
        <p class="note ochre">
          <Icon name="warn" size={18} />
          <span>{t('ui.feeds.missing', { columns: preview.missing.join(t('ui.comma')) })}</span>
        </p>
      )}
      {preview.unknown.length > 0 && (
        <p class="note">
          <Icon name="info" size={18} />
          <span>{t('ui.feeds.unknown', { columns: preview.unknown.join(t('ui.comma')) })}</span>
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable by keyboard */}
      <div role="group" class="table-room" tabIndex={0} aria-label={t('ui.feeds.preview')}>
        <table>
          <thead>
            <tr>
              {preview.columns.map((c) => (
                <th key={c}>{c}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.rows.map((row, i) => (
              <tr key={`${i} ${row.join()}`}>
                {preview.columns.map((c, j) => (
                  <td key={c} class="clip">
                    {row[j]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function useFile() {
  const [file, setFile] = useState<File | null>(null);
  const [preview, setPreview] = useState<Preview | null>(null);
  const take = async (taken: File | undefined) => {
    setFile(taken ?? null);
    setPreview(null);
    if (!taken || isPacked(taken.name)) return;
    setPreview(previewOf(await taken.slice(0, LOOK_BYTES).text()));
  };
  return { file, preview, take };
}

function typeOf(file: File, preview: Preview | null): string {
  const isNdjson = preview ? preview.kind === 'ndjson' : /\.(ndjson|jsonl)/i.test(file.name);
  return isNdjson ? 'application/x-ndjson' : 'text/csv';
}

function Upload({ done }: { done: (batch: Batch) => void }) {
  const { file, preview, take } = useFile();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSending, setSending] = useState(false);
  const key = useRef(newKey());
  const input = useRef<HTMLInputElement>(null);
  const choose = (taken: File | undefined) => {
    key.current = newKey();
    setProblem(null);
    void take(taken);
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!file) return input.current?.focus();
    setSending(true);
    setProblem(null);
    try {
      const sent = { key: key.current, type: typeOf(file, preview) };
      done(await post<Batch>('/v1/feeds/listings', file, sent));
    } catch (cause) {
      setProblem(sayProblem(cause));
    } finally {
      setSending(false);
    }
    return undefined;
  };
  return (
    <form class="card form" onSubmit={(event) => void submit(event)}>
      <Drop
        file={file}
        choose={choose}
        title={t('ui.feeds.choose')}
        hint={t('ui.feeds.choose_hint')}
        accept=".csv,.ndjson,.jsonl,.gz,.zst,text/csv,application/x-ndjson"
        input={input}
      />
      {preview && <PreviewTable preview={preview} />}
      <p class="hint">
        {t('ui.feeds.columns')} <code>{LISTING_COLUMNS.needed.join(' ')}</code>
        <br />
        {t('ui.feeds.columns_more')} <code>{LISTING_COLUMNS.known.join(' ')}</code>
      </p>
      <FormProblem problem={problem} />
      <div class="acts">
        <button type="submit" class="button primary" aria-disabled={isSending || !file}>
          <Icon name="send" size={18} />
          {t(isSending ? 'ui.feeds.sending' : 'ui.feeds.send')}
        </button>
        <span class="quiet">{t('ui.feeds.two')}</span>
      </div>
    </form>
  );
}

function Refusals({ refusals }: { refusals: Refusal[] }) {
  return (
    /* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable by keyboard */
    <div role="group" class="table-room" tabIndex={0} aria-label={t('ui.feeds.rejects')}>
      <table>
        <thead>
          <tr>
            <th class="num">{t('ui.feeds.row')}</th>
            <th>{t('ui.feeds.column')}</th>
            <th>{t('ui.feeds.why')}</th>
            <th>{t('ui.feeds.code')}</th>
          </tr>
        </thead>
        <tbody>
          {refusals.map((r) => (
            <tr key={`${r.row} ${r.column} ${r.code}`}>
              <td class="num">{count(r.row)}</td>
              <td>
                <code>{r.column ?? '—'}</code>
              </td>
              <td>{r.reason}</td>
              <td class="quiet">
                <code>{r.code}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function One({ id, answer }: { id: string; answer: Batch | null }) {
  const address = `/v1/batches/${encodeURIComponent(id)}`;
  const asked = useLoad<Batch>(address, (signal) => get(address, { signal }));
  const rejects = useLoad<Page<Refusal>>(`${address}/rejects`, (signal) =>
    get(`${address}/rejects`, { signal }),
  );
  const batch = asked.data ?? answer;
  if (!batch)
    return asked.problem ? (
      <Broken problem={asked.problem} again={asked.reload} />
    ) : (
      <Waiting what={t('ui.slow.batch')} />
    );
  const refusals = rejects.data?.items ?? batch.refusals ?? [];
  return (
    <section class="card" aria-labelledby="batch">
      <header class="card-head">
        <h2 id="batch">
          {t('ui.fact.batch')} <code>{id}</code>{' '}
          <span class="quiet">{term('feed', batch.feed)}</span>
        </h2>
        <a class="button ghost small" href={withQuery({ batch: '' })}>
          <Icon name="cross" size={16} />
          {t('ui.form.close')}
        </a>
      </header>
      <dl class="tallies" aria-live="polite">
        <div>
          <dt>{t('ui.feeds.accepted')}</dt>
          <dd>{count(batch.accepted)}</dd>
        </div>
        {batch.feed === 'calls' && (
          <div>
            <dt>{t('ui.calls.feed.late')}</dt>
            <dd>{count(batch.late ?? 0)}</dd>
          </div>
        )}
        <div>
          <dt>{t('ui.feeds.duplicate')}</dt>
          <dd>{count(batch.duplicate)}</dd>
        </div>
        <div>
          <dt>{t('ui.feeds.refused')}</dt>
          <dd>{count(batch.refused)}</dd>
        </div>
      </dl>
      {(batch.late ?? 0) > 0 && <p class="hint">{t('ui.feeds.late_hint')}</p>}
      {batch.accepted > 0 && batch.feed === 'listings' && (
        <p>
          <a class="button" href={`/lists?batch=${encodeURIComponent(id)}`}>
            <Icon name="lists" size={18} />
            {t('ui.feeds.look')}
          </a>
        </p>
      )}
      {batch.refused > 0 && (
        <>
          <h3>{t('ui.feeds.rejects')}</h3>
          {rejects.problem && !refusals.length ? (
            <Broken problem={rejects.problem} again={rejects.reload} />
          ) : (
            <Refusals refusals={refusals} />
          )}
        </>
      )}
    </section>
  );
}

function Batches({ turn }: { turn: number }) {
  const asked = `/v1/batches${search({ limit: 50 })}`;
  const { data, problem, reload } = useLoad<Page<Batch>>(`${asked}#${turn}`, (signal) =>
    get(asked, { signal }),
  );
  if (problem && !data) return <Broken problem={problem} again={reload} />;
  if (!data) return <Waiting what={t('ui.slow.list')} />;
  if (!data.items.length)
    return (
      <Empty icon="feeds" title={t('ui.feeds.empty')}>
        <p>{t('ui.feeds.empty_text')}</p>
      </Empty>
    );
  return (
    /* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable by keyboard */
    <div role="group" class="card table-room" tabIndex={0} aria-label={t('ui.feeds.batches')}>
      <table>
        <thead>
          <tr>
            <th>{t('ui.fact.batch')}</th>
            <th>{t('ui.feeds.feed')}</th>
            <th>{t('ui.feeds.when')}</th>
            <th>{t('ui.feeds.who')}</th>
            <th class="num">{t('ui.feeds.accepted')}</th>
            <th class="num">{t('ui.calls.feed.late')}</th>
            <th class="num">{t('ui.feeds.duplicate')}</th>
            <th class="num">{t('ui.feeds.refused')}</th>
          </tr>
        </thead>
        <tbody>
          {data.items.map((b) => (
            <tr key={b.batch}>
              <td>
                <a href={withQuery({ batch: b.batch })}>{b.source || b.batch}</a>
              </td>
              <td class="nowrap">{term('feed', b.feed)}</td>
              <td class="nowrap">
                <When at={b.opened_at} />
              </td>
              <td>{b.user}</td>
              <td class="num">{count(b.accepted)}</td>
              <td class="num">{b.feed === 'calls' ? count(b.late ?? 0) : '—'}</td>
              <td class="num">{count(b.duplicate)}</td>
              <td class="num">{count(b.refused)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Feeds() {
  useTitle(t('ui.nav.feeds'));
  const [answer, setAnswer] = useState<Batch | null>(null);
  const [turn, setTurn] = useState(0);
  const id = query('batch');
  return (
    <div class="column broad">
      <header class="page-head">
        <div>
          <h1>{t('ui.nav.feeds')}</h1>
          <p class="quiet">{t('ui.feeds.what')}</p>
        </div>
      </header>
      {id ? (
        <One key={id} id={id} answer={answer?.batch === id ? answer : null} />
      ) : (
        can('batch.open') && (
          <Upload
            done={(batch) => {
              setAnswer(batch);
              setTurn((n) => n + 1);
              go(withQuery({ batch: batch.batch }));
            }}
          />
        )
      )}
      <h2>{t('ui.feeds.batches')}</h2>
      <Batches turn={turn} />
    </div>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
/* batch - a whole file of proposals looked at together, and approved together. */
import { useState } from 'preact/hooks';
import { get, type Problem, post, sayProblem, search } from '../base/api.ts';
import { count, countOf } from '../base/format.ts';
import { useKeys, useLoad } from '../base/hooks.ts';
import { newKey } from '../base/kept.ts';
import type { Rows } from '../base/listings.ts';
import type { Batch, Listing, Page } from '../base/model.ts';
import { can, user } from '../base/session.ts';
import { t, term } from '../base/words.ts';
import { Copy, Fact, Facts, Key, When } from '../parts/bits.tsx';
import { Icon } from '../parts/icon.tsx';
import { Broken, FormProblem, Waiting } from '../parts/states.tsx';

type Answer = {
  approved: number;
  refused: number;
  refusals: { listing: string; code: string; reason: string }[];
};

function tally(rows: Rows, by: 'kind' | 'action'): string {
  const n = new Map<string, number>();
  for (const l of rows.items) n.set(l[by], (n.get(l[by]) ?? 0) + 1);
  return [...n].map(([word, times]) => `${term(by, word)} ${count(times)}`).join(t('ui.comma'));
}

function Result({ answer }: { answer: Answer }) {
  return (
    <div role="status" class={answer.refused ? 'note ochre' : 'note jade'}>
      <Icon name={answer.refused ? 'warn' : 'tick'} size={18} />
      <div>
        <p>
          {t('ui.batch.done', { approved: count(answer.approved), refused: count(answer.refused) })}
        </p>
        {answer.refusals.length > 0 && (
          <ul>
            {answer.refusals.map((r) => (
              <li key={r.listing}>
                <a href={`/lists?id=${encodeURIComponent(r.listing)}`}>
                  <code>{r.listing}</code>
                </a>{' '}
                {r.reason}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function useApprove(batch: string, reload: () => void) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSending, setSending] = useState(false);
  const [key] = useState(newKey);
  const approve = async () => {
    if (isSending) return;
    setSending(true);
    setProblem(null);
    try {
      const address = `/v1/batches/${encodeURIComponent(batch)}/approve`;
      setAnswer(await post<Answer>(address, {}, { key }));
      reload();
    } catch (cause) {
      setProblem(sayProblem(cause));
    } finally {
      setSending(false);
    }
  };
  return { answer, problem, isSending, approve };
}

export function BatchHead(props: { batch: string; rows: Rows; reload: () => void }) {
  const address = `/v1/batches/${encodeURIComponent(props.batch)}`;
  const { data, problem, reload } = useLoad<Batch>(address, (signal) => get(address, { signal }));
  const asked = `/v1/listings${search({ batch: props.batch, state: 'proposed', limit: 1 })}`;
  const proposed = useLoad<Page<Listing>>(asked, (signal) => get(asked, { signal }));
  const waiting = proposed.data?.total ?? 0;
  const {
    answer,
    problem: refused,
    isSending,
    approve,
  } = useApprove(props.batch, () => {
    props.reload();
    proposed.reload();
  });
  const [isAsking, setAsking] = useState(false);
  const isOwn = data?.user === user.value?.name;
  const may = can('listing.approve') && !isOwn && waiting > 0;
  useKeys({ A: () => may && setAsking(true) });
  if (!data)
    return problem ? (
      <Broken problem={problem} again={reload} />
    ) : (
      <Waiting what={t('ui.slow.batch')} />
    );
  const isWhole = props.rows.items.length >= props.rows.total;
  return (
    <section class="card batch" aria-labelledby="batch">
      <h2 id="batch" data-copied>
        {t('ui.fact.batch')} <code data-text>{data.batch}</code>{' '}
        <Copy text={data.batch} label={t('ui.copy')} />
      </h2>
      <Facts>
        <Fact name={t('ui.feeds.who')}>
          {data.user ?? '—'} · <When at={data.opened_at} />
        </Fact>
        <Fact name={t('ui.feeds.accepted')}>{count(data.accepted)}</Fact>
        <Fact name={t('ui.feeds.refused')}>
          {data.refused ? (
            <a href={`/feeds?batch=${encodeURIComponent(data.batch)}`}>{count(data.refused)}</a>
          ) : (
            0
          )}
        </Fact>
        {isWhole && <Fact name={t('ui.fact.kind')}>{tally(props.rows, 'kind')}</Fact>}
        {isWhole && <Fact name={t('ui.fact.action')}>{tally(props.rows, 'action')}</Fact>}
      </Facts>
      {answer && <Result answer={answer} />}
      <FormProblem problem={refused} />
      {isOwn && waiting > 0 && (
        <p class="note ochre">
          <Icon name="hour" size={18} />
          <span>{t('ui.listing.own')}</span>
        </p>
      )}
      {may && !answer && (
        <div class="acts">
          {isAsking ? (
            <>
              <span>{t('ui.batch.sure', { n: countOf(proposed.data ?? { total: 0 }) })}</span>
              <button
                type="button"
                class="button primary"
                aria-disabled={isSending}
                ref={(b: HTMLButtonElement | null) => b?.focus()}
                onClick={() => void approve()}
              >
                {t(isSending ? 'ui.form.sending' : 'ui.batch.confirm')}
                <Key>↵</Key>
              </button>
              <button type="button" class="button" onClick={() => setAsking(false)}>
                {t('ui.form.cancel')}
              </button>
            </>
          ) : (
            <button type="button" class="button primary" onClick={() => setAsking(true)}>
              <Icon name="tick" size={18} />
              {t('ui.batch.approve')}
              <Key>A</Key>
            </button>
          )}
        </div>
      )}
    </section>
  );
}

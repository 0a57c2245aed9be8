/* SPDX-License-Identifier: Apache-2.0 */
/* appeal - for anybody who is blocked: say why it is wrong, get a reference, follow its clock. */
import { useState } from 'preact/hooks';
import { get, type Problem, post, sayProblem, search } from '../base/api.ts';
import { useLoad, useTitle } from '../base/hooks.ts';
import { type Fields, newKey } from '../base/kept.ts';
import type { Check, PublicAppeal } from '../base/model.ts';
import { go, query, withQuery } from '../base/router.ts';
import { t, term } from '../base/words.ts';
import { AppealForm } from '../parts/appeal-form.tsx';
import {
  AppealBadge,
  Clock,
  Copy,
  Fact,
  Facts,
  KindIcon,
  StateBadge,
  When,
} from '../parts/bits.tsx';
import { TextField } from '../parts/fields.tsx';
import { Icon } from '../parts/icon.tsx';
import { RoundBadge } from '../parts/round-bits.tsx';
import { Broken, FormProblem, Waiting } from '../parts/states.tsx';

const DAY_MS = 24 * 3_600_000;

export function Appeal() {
  useTitle(t('ui.nav.appeal'));
  const ref = query('ref');
  return (
    <div class="column">
      <h1>{t(ref ? 'ui.appeal.follow' : 'ui.nav.appeal')}</h1>
      {ref ? <Follow key={ref} reference={ref} isNew={query('new') === '1'} /> : <File />}
    </div>
  );
}

/* What is being appealed, as the server knows it. */
function Subject({ kind, value }: { kind: string; value: string }) {
  const asked = value ? search(kind ? { kind, value } : { q: value }) : '';
  const { data, problem } = useLoad<Check>(asked, (signal) =>
    get(`/v1/check${asked}`, { signal, quiet: true }),
  );
  if (!asked) return null;
  if (problem) return <p class="note ochre">{problem.detail}</p>;
  if (!data) return null;
  return (
    <div class="subject">
      <KindIcon kind={data.kind} />
      <code>{data.display}</code>
      <span>{term('verdict_word', data.verdict)}</span>
      {data.reason && <span class="quiet">{data.reason_text ?? data.reason}</span>}
    </div>
  );
}

function FindRef() {
  const [ref, setRef] = useState('');
  return (
    <form
      class="card form inline"
      onSubmit={(event) => {
        event.preventDefault();
        if (ref.trim()) go(`/appeal?ref=${encodeURIComponent(ref.trim())}`);
      }}
    >
      <label for="ref">{t('ui.appeal.have_ref')}</label>
      <div class="together">
        <input
          id="ref"
          class="mono"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          value={ref}
          onInput={(event) => setRef(event.currentTarget.value)}
        />
        <button type="submit" class="button">
          {t('ui.appeal.look')}
        </button>
      </div>
    </form>
  );
}

function File() {
  const listing = query('listing');
  const kind = query('kind');
  const given = query('value');
  const about = (f: Fields) => {
    const value = f.value?.trim() ?? '';
    if (listing) return { body: { listing } };
    if (!value) return { column: 'value', gap: t('ui.appeal.value_missing') };
    return { body: kind ? { kind, value } : { value } };
  };
  return (
    <>
      <p class="lead">{t('ui.appeal.lead')}</p>
      <AppealForm
        draft={`appeal.${listing || given}`}
        empty={{ value: given }}
        about={about}
        label={t('ui.appeal.statement')}
        hint={t('ui.appeal.statement_hint')}
        missing={t('ui.appeal.statement_missing')}
        submit={t('ui.appeal.submit')}
      >
        {(form) =>
          listing ? (
            <>
              <p class="quiet">
                {t('ui.fact.listing')} <code>{listing}</code>
              </p>
              <Subject kind={kind} value={given} />
            </>
          ) : (
            <TextField
              form={form}
              name="value"
              label={t('ui.appeal.value')}
              attrs={{ autocapitalize: 'none', maxLength: 2048, class: 'mono' }}
              hint={t('ui.appeal.value_hint')}
            />
          )
        }
      </AppealForm>
      <FindRef />
    </>
  );
}

function Reference({ reference, isNew }: { reference: string; isNew: boolean }) {
  return (
    <div class="reference" data-copied>
      {isNew && (
        <p class="note jade">
          <Icon name="tick" size={18} />
          <span>{t('ui.appeal.filed')}</span>
        </p>
      )}
      <p class="quiet">{t('ui.appeal.reference')}</p>
      <p class="reference-text">
        <code data-text>{reference}</code>
        <Copy text={reference} label={t('ui.copy')} />
      </p>
      {isNew && <p class="hint">{t('ui.appeal.keep')}</p>}
    </div>
  );
}

function Withdraw({ reference, reload }: { reference: string; reload: () => void }) {
  const [isSure, setSure] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [key] = useState(newKey);
  const withdraw = async () => {
    try {
      await post(`/v1/appeals/${encodeURIComponent(reference)}/withdraw`, {}, { key, quiet: true });
      reload();
    } catch (cause) {
      setProblem(sayProblem(cause));
    }
  };
  return (
    <div>
      <FormProblem problem={problem} />
      {isSure ? (
        <div class="acts">
          <span>{t('ui.appeal.withdraw_sure')}</span>
          <button type="button" class="button" onClick={() => void withdraw()}>
            {t('ui.appeal.withdraw_yes')}
          </button>
          <button type="button" class="button ghost" onClick={() => setSure(false)}>
            {t('ui.form.cancel')}
          </button>
        </div>
      ) : (
        <button type="button" class="button" onClick={() => setSure(true)}>
          {t('ui.appeal.withdraw')}
        </button>
      )}
    </div>
  );
}

function Follow({ reference, isNew }: { reference: string; isNew: boolean }) {
  const address = `/v1/appeals/${encodeURIComponent(reference)}`;
  const { data, problem, reload } = useLoad<PublicAppeal>(address, (signal) =>
    get(address, { signal, quiet: true }),
  );
  const isOpen = data?.state === 'filed' || data?.state === 'reviewing';
  return (
    <>
      <section class="card">
        <Reference reference={reference} isNew={isNew} />
        {problem ? (
          <Broken problem={problem} again={reload} />
        ) : !data ? (
          <Waiting what={t('ui.slow.appeal')} />
        ) : (
          <>
            <div class="follow-state">
              <AppealBadge state={data.state} />
              {isOpen && <Clock due={data.due_at} soon_ms={DAY_MS} />}
            </div>
            <p>{t(`ui.appeal.${data.round ? 'round_now' : 'now'}.${data.state}`)}</p>
            {data.answer && (
              <blockquote class="answer">
                <p class="quiet">{t('ui.appeal.answer')}</p>
                <p class="prose">{data.answer}</p>
              </blockquote>
            )}
            <Facts>
              {data.listing && (
                <Fact name={t('ui.appeal.about')} wide>
                  <KindIcon kind={data.listing.kind} size={18} />{' '}
                  <code>{data.listing.display}</code> <StateBadge state={data.listing.state} />
                </Fact>
              )}
              {data.round && (
                <Fact name={t('ui.appeal.about')} wide>
                  <a href={`/notices/${encodeURIComponent(data.round.round)}`}>
                    {t('ui.notices.title')}
                  </a>{' '}
                  <RoundBadge state={data.round.state} />
                </Fact>
              )}
              <Fact name={t('ui.appeal.filed_at')}>
                <When at={data.filed_at} />
              </Fact>
              <Fact name={t('ui.appeal.due_at')}>
                <When at={data.due_at} />
              </Fact>
              {data.decided_at && (
                <Fact name={t('ui.appeal.decided_at')}>
                  <When at={data.decided_at} />
                </Fact>
              )}
            </Facts>
            {isOpen && <Withdraw reference={reference} reload={reload} />}
          </>
        )}
      </section>
      <p>
        <a href={withQuery({ ref: '', new: '' })}>{t('ui.appeal.another')}</a>
      </p>
    </>
  );
}

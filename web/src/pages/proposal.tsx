/* SPDX-License-Identifier: Apache-2.0 */
/* proposal - a new listing, typed from top to bottom without leaving the keyboard. */
import { useEffect, useState } from 'preact/hooks';
import { get, type Problem, post, sayProblem, search } from '../base/api.ts';
import { type Form, useForm, useKeys } from '../base/hooks.ts';
import { ACTIONS, type Action, type Check, KINDS, type Kind, type Listing } from '../base/model.ts';
import { useProfile, wordOf } from '../base/profile.ts';
import { go, query, withQuery } from '../base/router.ts';
import { me } from '../base/session.ts';
import { fromLocalInput, now, saySpan, spanOf, toLocalInput } from '../base/time.ts';
import { lang, t, term } from '../base/words.ts';
import { Key } from '../parts/bits.tsx';
import { Choices, Suggestions, TextField } from '../parts/fields.tsx';
import { Icon } from '../parts/icon.tsx';
import { Reasons } from '../parts/reasons.tsx';
import { FormProblem } from '../parts/states.tsx';

const EMPTY = {
  value: '',
  kind: '',
  action: 'block',
  match: 'exact',
  rpz: 'notice',
  reason: '',
  evidence: '',
  basis: '',
  source: '',
  score: '',
  from: '',
  until: '',
  notice: '',
};

const DAY_S = 86_400;
const TERMS_S = [DAY_S, 7 * DAY_S, 30 * DAY_S, 90 * DAY_S, 180 * DAY_S];

/* What the server makes of the typed value: its kind, its canonical form, and what is listed now. */
function useRecognised(
  value: string,
  kind: string,
): { seen: Check | null; problem: Problem | null } {
  const [seen, setSeen] = useState<Check | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    const asked = value.trim();
    setProblem(null);
    if (!asked) {
      setSeen(null);
      return undefined;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      const how = kind ? { kind, value: asked } : { q: asked };
      get<Check>(`/v1/check${search(how)}`, { signal: stop.signal, quiet: true })
        .then(setSeen)
        .catch((cause) => {
          if (stop.signal.aborted) return;
          setSeen(null);
          setProblem(sayProblem(cause));
        });
    }, 250);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [value, kind]);
  return { seen, problem };
}

function Recognised({ seen, problem }: { seen: Check | null; problem: Problem | null }) {
  if (problem) return <span class="ochre-text">{problem.detail}</span>;
  if (!seen) return <span>{t('ui.proposal.value_hint')}</span>;
  return (
    <span class="recognised">
      <Icon name={seen.kind} size={16} />
      {term('kind', seen.kind)} <code>{seen.display}</code>
      {seen.listing && (
        <>
          {' — '}
          <a href={`/lists?id=${encodeURIComponent(seen.listing)}`}>
            {t('ui.proposal.already', { verdict: term('verdict_word', seen.verdict) })}
          </a>
        </>
      )}
    </span>
  );
}

function Until({ form, kind, action }: { form: Form; kind: Kind | ''; action: Action }) {
  const profile = useProfile();
  const max_days = kind ? profile?.max_term_days?.[kind]?.[action] : undefined;
  const max_s = max_days && max_days * DAY_S;
  const begin = form.fields.from ? new Date(form.fields.from).getTime() : now.value;
  const terms = TERMS_S.filter((s) => !max_s || s <= max_s);
  if (max_s && !terms.includes(max_s)) terms.push(max_s);
  const chosen = form.fields.until ? new Date(form.fields.until).getTime() - begin : Number.NaN;
  return (
    <>
      <TextField
        form={form}
        name="until"
        label={t('ui.fact.until')}
        attrs={{ type: 'datetime-local' }}
        hint={
          max_s
            ? t('ui.proposal.until_max', { span: saySpan(spanOf(max_s * 1000)) })
            : t('ui.proposal.until_hint')
        }
      />
      <Suggestions
        label={t('ui.proposal.terms')}
        words={terms.map((s) => ({
          value: toLocalInput(begin + s * 1000),
          label:
            s === max_s
              ? t('ui.proposal.longest', { span: saySpan(spanOf(s * 1000)) })
              : saySpan(spanOf(s * 1000)),
        }))}
        chosen={
          Number.isNaN(chosen)
            ? ''
            : toLocalInput(
                begin + (terms.find((s) => Math.abs(s * 1000 - chosen) < 60_000) ?? 0) * 1000,
              )
        }
        pick={(value) => form.put('until', value)}
      />
    </>
  );
}

function DomainChoices({ form, action }: { form: Form; action: string }) {
  return (
    <>
      <Choices
        name="match"
        label={t('ui.fact.match')}
        value={form.fields.match ?? 'exact'}
        pick={(value) => form.put('match', value)}
        choices={['exact', 'suffix'].map((m) => ({ value: m, label: term('match', m) }))}
      />
      {action === 'block' && (
        <Choices
          name="rpz"
          label={t('ui.fact.rpz')}
          value={form.fields.rpz ?? 'notice'}
          pick={(value) => form.put('rpz', value)}
          choices={['notice', 'nxdomain', 'nodata', 'tcp_only'].map((r) => ({
            value: r,
            label: term('rpz', r),
          }))}
        />
      )}
    </>
  );
}

function More({ form }: { form: Form }) {
  return (
    <details class="more">
      <summary>
        <Icon name="right" size={16} />
        {t('ui.proposal.more')}
      </summary>
      <TextField
        form={form}
        name="from"
        label={t('ui.fact.from')}
        optional
        attrs={{ type: 'datetime-local' }}
        hint={t('ui.proposal.from_hint')}
      />
      <TextField
        form={form}
        name="score"
        label={t('ui.fact.score')}
        optional
        attrs={{ inputMode: 'decimal', placeholder: '0–100' }}
      />
    </details>
  );
}

/* What the person affected will read, as they will read it. */
function NoticePreview({ form, seen }: { form: Form; seen: Check | null }) {
  const profile = useProfile();
  const { reason = '', until = '', notice = '' } = form.fields;
  return (
    <div class="preview">
      <p class="preview-title">{t('ui.proposal.preview')}</p>
      <p>
        <strong>
          {t('ui.proposal.preview_head', {
            value: seen?.display || form.fields.value || '…',
            centre: me.value?.centre.name ?? '',
          })}
        </strong>
      </p>
      <p>
        {t('ui.fact.reason')}
        {t('ui.colon')}
        {wordOf(profile?.reasons, reason) || '…'}
      </p>
      <p class="prose">{notice || profile?.notice?.[lang.value]}</p>
      <p class="quiet">
        {t('ui.fact.until')}
        {t('ui.colon')}
        {until.replace('T', ' ') || '…'}
      </p>
    </div>
  );
}

function bodyOf(form: Form, kind: Kind): Record<string, unknown> {
  const f = form.fields;
  const body: Record<string, unknown> = {
    kind,
    value: f.value?.trim(),
    action: f.action,
    reason: f.reason?.trim(),
    basis: f.basis?.trim(),
    until: fromLocalInput(f.until ?? ''),
  };
  if (kind === 'domain') body.match = f.match;
  if (kind === 'domain' && f.action === 'block') body.rpz = f.rpz;
  if (f.from) body.from = fromLocalInput(f.from);
  if (f.score) body.score = Number(f.score);
  body.evidence = f.evidence?.trim();
  body.source = f.source?.trim() || me.value?.centre.name;
  if (f.notice?.trim()) body.notice = f.notice.trim();
  return body;
}

/* The first thing that is missing, in the order of the form. */
function missing(form: Form, kind: string): [string, string] | null {
  const f = form.fields;
  if (!f.value?.trim()) return ['value', t('ui.proposal.value_missing')];
  if (!kind) return ['value', t('ui.proposal.kind_missing')];
  if (!f.reason?.trim()) return ['reason', t('ui.proposal.reason_missing')];
  if (!f.basis?.trim()) return ['basis', t('ui.proposal.basis_missing')];
  if (!f.evidence?.trim()) return ['evidence', t('ui.proposal.evidence_missing')];
  if (!f.until) return ['until', t('ui.proposal.until_missing')];
  if (f.score && !(Number(f.score) >= 0 && Number(f.score) <= 100))
    return ['score', t('ui.proposal.score_wrong')];
  return null;
}

export function Proposal({ done }: { done: (listing: Listing) => void }) {
  const form = useForm('proposal', EMPTY);
  const f = form.fields;
  /* A page that leads here may bring the value along. */
  useEffect(() => {
    if (query('value')) form.put('value', query('value'));
  }, []);
  const { seen, problem } = useRecognised(f.value ?? '', f.kind ?? '');
  const kind = (f.kind || seen?.kind || '') as Kind | '';
  const action = (f.action || 'block') as Action;
  const leave = () => go(withQuery({ new: '', value: '' }));
  useKeys({ Escape: leave });
  const submit = async (event?: Event) => {
    event?.preventDefault();
    const gap = missing(form, kind);
    if (gap) {
      form.fail(...gap);
      return;
    }
    const body = bodyOf(form, kind as Kind);
    const made = await form.submit(body, (key) => post<Listing>('/v1/listings', body, { key }));
    if (made) done(made);
  };
  const known = [
    'value',
    'kind',
    'reason',
    'basis',
    'until',
    'from',
    'evidence',
    'source',
    'score',
    'notice',
  ];
  const isPlaced = known.includes(form.problem?.column ?? '') && form.problem?.column !== 'kind';
  return (
    <form
      class="detail proposal form"
      aria-labelledby="proposal"
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit(event);
      }}
    >
      <header class="detail-head">
        <h2 id="proposal">{t('ui.lists.new')}</h2>
        <p class="quiet">{t('ui.proposal.two_people')}</p>
      </header>
      <TextField
        form={form}
        name="value"
        label={t('ui.proposal.value')}
        isFirst
        attrs={{ autocapitalize: 'none', maxLength: 2048, class: 'mono' }}
        hint={<Recognised seen={seen} problem={problem} />}
      />
      <Choices
        name="kind"
        label={t('ui.fact.kind')}
        value={kind}
        pick={(value) => form.put('kind', value)}
        choices={KINDS.map((k) => ({ value: k, label: term('kind', k), icon: k }))}
      />
      <Choices
        name="action"
        label={t('ui.fact.action')}
        value={action}
        pick={(value) => form.put('action', value)}
        choices={ACTIONS.map((a) => ({
          value: a,
          label: term('action', a),
          icon: a,
        }))}
        hint={kind && t(`ui.proposal.effect.${action}`)}
      />
      {kind === 'domain' && <DomainChoices form={form} action={action} />}
      <Reasons form={form} />
      <TextField
        form={form}
        name="evidence"
        label={t('ui.fact.evidence')}
        rows={2}
        hint={t('ui.proposal.evidence_hint')}
      />
      <Until form={form} kind={kind} action={action} />
      <TextField
        form={form}
        name="source"
        label={t('ui.fact.source')}
        optional
        hint={t('ui.proposal.source_hint')}
      />
      <TextField
        form={form}
        name="notice"
        label={t('ui.fact.notice')}
        optional
        rows={2}
        attrs={{ maxLength: 2000 }}
        hint={t('ui.proposal.notice_hint')}
      />
      <NoticePreview form={form} seen={seen} />
      <More form={form} />
      <FormProblem problem={isPlaced ? null : form.problem} />
      <div class="acts sticky">
        <button type="submit" class="button primary" aria-disabled={form.isSending}>
          <Icon name="send" size={18} />
          {t(form.isSending ? 'ui.form.sending' : 'ui.proposal.submit')}
          <Key>Ctrl ↵</Key>
        </button>
        <button type="button" class="button" onClick={leave}>
          {t('ui.form.leave')}
          <Key>Esc</Key>
        </button>
        <button type="button" class="button ghost" onClick={form.clear}>
          {t('ui.form.clear')}
        </button>
      </div>
    </form>
  );
}

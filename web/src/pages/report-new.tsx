/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report-new - the operator's page while a victim is on the telephone: as soon as one payment is
 * known, Ctrl-Enter sends, and the first orders are on their way. What is missing can follow.
 */
import { useRef, useState } from 'preact/hooks';
import { post } from '../base/api.ts';
import { money } from '../base/format.ts';
import { type Form, useForm, useKeys, useTitle } from '../base/hooks.ts';
import { pageOf } from '../base/incidents.ts';
import type { Fields } from '../base/kept.ts';
import { ACCOUNT_LEAST, type Order, readYuan } from '../base/orders.ts';
import { reportPage } from '../base/reports.ts';
import { go } from '../base/router.ts';
import { fromLocalInput, now, toLocalInput } from '../base/time.ts';
import { t, term } from '../base/words.ts';
import { Copy, Key } from '../parts/bits.tsx';
import { Choices, Suggestions, TextField } from '../parts/fields.tsx';
import { Icon } from '../parts/icon.tsx';
import { OrderBadge, OrderClock, sayAmount, sayRead, sayTarget } from '../parts/order-bits.tsx';
import { FormProblem } from '../parts/states.tsx';

const LINES_MOST = 20;
const LINE = ['to', 'amount', 'time', 'bank', 'name', 'id', 'from'] as const;
const CHANNELS = ['96110', '110', 'counter'] as const;
const AGO_MIN = [5, 10, 30, 60, 180] as const;

type Answer = {
  report: string;
  incident?: string;
  orders: Order[];
  secret?: string;
  joined?: boolean;
  refusals?: {
    index?: number;
    column?: string;
    code: string;
    reason: string;
    incident?: string;
  }[];
};

const EMPTY = { channel: '96110', lines: '1', 'victim.number': '', 'victim.name': '', said: '' };

/* As the server names what is wrong with a line. */
const at = (line: number, name: string): string => `transfers.${line}.${name}`;
const linesOf = (form: Form): number => Math.max(1, Number(form.fields.lines ?? '1') || 1);

const isBlank = (form: Form, line: number): boolean =>
  LINE.every((name) => !form.fields[at(line, name)]?.trim());

function bodyLine(form: Form, line: number): Record<string, unknown> {
  const said = (name: string) => form.fields[at(line, name)]?.trim() ?? '';
  const made: Record<string, unknown> = { to: said('to'), amount: readYuan(said('amount')) };
  if (said('time')) made.time = fromLocalInput(said('time'));
  for (const name of ['bank', 'name', 'id', 'from'] as const)
    if (said(name)) made[name] = said(name);
  return made;
}

/* The first thing in a line that cannot be sent as it is. */
function gapOf(form: Form, line: number): [string, string] | null {
  const said = (name: string) => form.fields[at(line, name)]?.trim() ?? '';
  if (said('to').length < ACCOUNT_LEAST) return [at(line, 'to'), t('ui.report.to_missing')];
  if (readYuan(said('amount')) === null) return [at(line, 'amount'), t('ui.report.amount_wrong')];
  return null;
}

function Times({ form, line, said }: { form: Form; line: number; said: Fields }) {
  const name = at(line, 'time');
  const chosen = said[name] ?? '';
  const times = AGO_MIN.map((min) => ({
    value: toLocalInput(now.value - min * 60_000),
    label:
      min < 60 ? t('ui.report.ago_min', { n: min }) : t('ui.report.ago_hours', { n: min / 60 }),
  }));
  return (
    <>
      <TextField
        form={form}
        name={name}
        label={t('ui.report.time')}
        optional
        attrs={{ type: 'datetime-local' }}
      />
      <Suggestions
        label={t('ui.report.times')}
        words={times}
        chosen={chosen}
        pick={(value) => form.put(name, value)}
      />
    </>
  );
}

function Line(props: { form: Form; line: number; isOnly: boolean; said: Fields }) {
  const { form, line, isOnly, said } = props;
  return (
    <fieldset class="card report-line">
      <legend>{t('ui.report.line', { n: line + 1 })}</legend>
      <div class="report-first">
        <TextField
          form={form}
          name={at(line, 'to')}
          label={t('ui.report.to')}
          isFirst={line === 0}
          attrs={{ class: 'mono', inputMode: 'text', maxLength: 64, autocapitalize: 'none' }}
        />
        <TextField
          form={form}
          name={at(line, 'amount')}
          label={t('ui.report.amount')}
          attrs={{ inputMode: 'decimal', maxLength: 20 }}
          hint={<span aria-live="polite">{sayRead(said[at(line, 'amount')] ?? '', 'CNY')}</span>}
        />
      </div>
      <div class="report-second">
        <TextField form={form} name={at(line, 'bank')} label={t('ui.report.bank')} optional />
        <TextField form={form} name={at(line, 'name')} label={t('ui.report.payee')} optional />
      </div>
      <Times form={form} line={line} said={said} />
      <details class="more" open={!isOnly && !isBlank(form, line)}>
        <summary>
          <Icon name="right" size={16} />
          {t('ui.report.more')}
        </summary>
        <div class="report-second">
          <TextField
            form={form}
            name={at(line, 'from')}
            label={t('ui.report.from')}
            optional
            attrs={{ class: 'mono' }}
          />
          <TextField
            form={form}
            name={at(line, 'id')}
            label={t('ui.report.transfer')}
            optional
            attrs={{ class: 'mono' }}
          />
        </div>
      </details>
    </fieldset>
  );
}

/* `said` is the form's fields: a part whose props stay the same is not drawn again. */
function Sum({ said }: { said: Fields }) {
  const lines = Object.entries(said).filter(([name]) => /^transfers\.\d+\.amount$/.test(name));
  const loss = lines.reduce((sum, [, text]) => sum + (readYuan(text) ?? 0), 0);
  return (
    <p class="report-sum" role="status">
      {t('ui.report.loss')} <strong>{money(loss)}</strong>
    </p>
  );
}

/* Said once: where the victim follows their money, and the key to it, which is in no address. */
function ForVictim({ report, secret }: { report: string; secret: string }) {
  const page = `/progress/${encodeURIComponent(report)}`;
  const link = new URL(page, location.href).href;
  return (
    <section class="card for-victim">
      <h2>{t('ui.report.secret')}</h2>
      <dl class="facts">
        <div class="fact" data-copied>
          <dt>{t('ui.report.page')}</dt>
          <dd>
            <a href={page} data-text>
              {link}
            </a>{' '}
            <Copy text={link} label={t('ui.copy')} />
          </dd>
        </div>
        <div class="fact" data-copied>
          <dt>{t('ui.progress.secret')}</dt>
          <dd>
            <code data-text>{secret}</code> <Copy text={secret} label={t('ui.copy')} />
          </dd>
        </div>
      </dl>
      <p class="hint">{t('ui.report.secret_hint')}</p>
    </section>
  );
}

/* What went out: the operator reads it to the victim. */
function Sent(props: { answer: Answer; again: () => void; correct: () => void }) {
  const { answer, again, correct } = props;
  const isStuck = !answer.orders.length && !!answer.refusals?.length;
  useKeys({
    n: again,
    ...(isStuck && { c: correct }),
    Enter: () => answer.incident && go(pageOf(answer.incident)),
  });
  return (
    <section class="column report-sent" aria-labelledby="sent">
      <h1 id="sent">
        <Icon name={answer.orders.length ? 'pass' : 'hour'} size={24} />{' '}
        {answer.orders.length
          ? t('ui.report.sent', { n: answer.orders.length })
          : t('ui.report.sent_none')}
      </h1>
      {answer.joined && <p class="note ochre">{t('ui.report.joined')}</p>}
      {answer.orders.length > 0 && (
        <ul class="plain card">
          {answer.orders.map((o) => (
            <li key={o.order} class="row-line">
              <OrderBadge order={o} />
              <code class="row-value">{sayTarget(o)}</code>
              <span class="quiet">
                {term('order_kind', o.kind)} · {o.provider}
              </span>
              <strong class="order-sum">{sayAmount(o)}</strong>
              <OrderClock order={o} />
            </li>
          ))}
        </ul>
      )}
      {!!answer.refusals?.length && (
        <ul class="plain card">
          {answer.refusals.map((r) => (
            <li key={`${r.index} ${r.column} ${r.code}`} class="ochre-text">
              {r.index !== undefined && <span>{t('ui.report.line', { n: r.index + 1 })} </span>}
              {r.reason} {r.incident && <a href={pageOf(r.incident)}>{t('ui.report.perhaps')}</a>}
            </li>
          ))}
        </ul>
      )}
      {answer.secret && <ForVictim report={answer.report} secret={answer.secret} />}
      <div class="acts">
        {answer.incident && (
          <a class="button primary" href={pageOf(answer.incident)}>
            {t('ui.report.to_incident')}
            <Key>↵</Key>
          </a>
        )}
        {isStuck && (
          <button type="button" class="button" onClick={correct}>
            {t('ui.report.correct')}
            <Key>c</Key>
          </button>
        )}
        <a class="button" href={reportPage(answer.report)}>
          {t('ui.report.to_report')}
        </a>
        <button type="button" class="button" onClick={again}>
          {t('ui.report.another')}
          <Key>n</Key>
        </button>
      </div>
    </section>
  );
}

function bodyOf(form: Form): Record<string, unknown> {
  const f = form.fields;
  const lines = Array.from({ length: linesOf(form) }, (_, i) => i).filter((i) => !isBlank(form, i));
  const body: Record<string, unknown> = {
    channel: f.channel,
    transfers: lines.map((i) => bodyLine(form, i)),
  };
  const victim: Record<string, string> = {};
  if (f['victim.number']?.trim()) victim.number = f['victim.number'].trim();
  if (f['victim.name']?.trim()) victim.name = f['victim.name'].trim();
  if (Object.keys(victim).length) body.victim = victim;
  if (f.said?.trim()) body.said = f.said.trim();
  return body;
}

export function ReportNew() {
  useTitle(t('ui.report.title'));
  const form = useForm('report.new', EMPTY);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const told = useRef<Fields>({});
  const n = linesOf(form);
  const submit = async (event?: Event) => {
    event?.preventDefault();
    for (let i = 0; i < n; i++) {
      const gap = isBlank(form, i) && n > 1 ? null : gapOf(form, i);
      if (gap) return form.fail(...gap);
    }
    const said = form.fields;
    const body = bodyOf(form);
    const made = await form.submit(body, (key) => post<Answer>('/v1/reports', body, { key }));
    if (made) {
      told.current = said;
      setAnswer(made);
    }
    return undefined;
  };
  if (answer)
    return (
      <Sent
        answer={answer}
        again={() => setAnswer(null)}
        correct={() => {
          for (const [name, value] of Object.entries(told.current)) form.put(name, value);
          setAnswer(null);
        }}
      />
    );
  const column = form.problem?.column ?? '';
  const isPlaced =
    column.startsWith('transfers.') || column.startsWith('victim.') || column === 'said';
  return (
    <form
      class="column report form"
      aria-labelledby="report"
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit(event);
      }}
    >
      <header class="page-head">
        <div>
          <h1 id="report">{t('ui.report.title')}</h1>
          <p class="quiet">{t('ui.report.text')}</p>
        </div>
        <Sum said={form.fields} />
      </header>
      {Array.from({ length: n }, (_, i) => i).map((i) => (
        <Line key={i} form={form} line={i} isOnly={n === 1} said={form.fields} />
      ))}
      {n < LINES_MOST && (
        <button type="button" class="button" onClick={() => form.put('lines', String(n + 1))}>
          <Icon name="plus" size={18} />
          {t('ui.report.add')}
        </button>
      )}
      <section class="card">
        <Choices
          name="channel"
          label={t('ui.report.channel')}
          value={form.fields.channel ?? '96110'}
          pick={(value) => form.put('channel', value)}
          choices={CHANNELS.map((c) => ({ value: c, label: term('report_channel', c) }))}
        />
        <div class="report-second">
          <TextField
            form={form}
            name="victim.number"
            label={t('ui.report.number')}
            optional
            attrs={{ inputMode: 'tel' }}
          />
          <TextField form={form} name="victim.name" label={t('ui.report.victim')} optional />
        </div>
        <TextField form={form} name="said" label={t('ui.report.said')} rows={3} optional />
      </section>
      <FormProblem problem={isPlaced ? null : form.problem} />
      <div class="acts sticky">
        <button type="submit" class="button primary" aria-disabled={form.isSending}>
          <Icon name="send" size={18} />
          {t(form.isSending ? 'ui.form.sending' : 'ui.report.submit')}
          <Key>Ctrl ↵</Key>
        </button>
        <button type="button" class="button ghost" onClick={form.clear}>
          {t('ui.form.clear')}
        </button>
      </div>
    </form>
  );
}

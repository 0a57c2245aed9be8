/* SPDX-License-Identifier: Apache-2.0 */
/* source-new - proposing a source: who keeps the list, what its entries do, for how long. */
import { post } from '../base/api.ts';
import { type Form, useForm } from '../base/hooks.ts';
import {
  ACTIONS,
  type Action,
  KINDS,
  type Kind,
  SOURCE_ROLES,
  type Source,
} from '../base/model.ts';
import { type ProfileWord, useProfile } from '../base/profile.ts';
import { withQuery } from '../base/router.ts';
import { lang, t, term } from '../base/words.ts';
import { Choices, Suggestions, TextField } from '../parts/fields.tsx';
import { FormProblem } from '../parts/states.tsx';

const EMPTY = {
  name: '',
  role: 'enforces',
  kind: 'domain',
  action: 'block',
  match: 'exact',
  region: '',
  reason: '',
  basis: '',
  licence: '',
  origin: '',
  term_days: '',
  shrink_percent: '20',
  grow_percent: '50',
};

const NEEDED = ['name', 'origin', 'licence', 'reason', 'basis', 'term_days'] as const;
const NUMBERS = ['term_days', 'shrink_percent', 'grow_percent'] as const;

function bodyOf(fields: Record<string, string>): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) if (value.trim()) body[name] = value.trim();
  for (const name of NUMBERS) if (body[name] !== undefined) body[name] = Number(body[name]);
  if (fields.kind !== 'domain') delete body.match;
  if (fields.kind !== 'number') delete body.region;
  return body;
}

function Words(props: { form: Form; name: 'reason' | 'basis'; words: ProfileWord[] | undefined }) {
  const { form, name } = props;
  return (
    <div>
      <TextField form={form} name={name} label={t(`ui.fact.${name}`)} />
      <Suggestions
        label={t(`ui.fact.${name}`)}
        words={(props.words ?? []).map((w) => ({ value: w.code, label: w[lang.value] }))}
        chosen={form.fields[name] ?? ''}
        pick={(value) => form.put(name, value)}
      />
    </div>
  );
}

function What({ form }: { form: Form }) {
  const f = form.fields;
  const pick = (name: string) => (value: string) => form.put(name, value);
  return (
    <>
      <Choices
        name="role"
        label={t('ui.sources.role')}
        choices={SOURCE_ROLES.map((r) => ({ value: r, label: term('role_of_source', r) }))}
        value={f.role ?? ''}
        pick={pick('role')}
        hint={t(`ui.role_of_source.${f.role}_hint`)}
      />
      <Choices
        name="kind"
        label={t('ui.fact.kind')}
        choices={KINDS.map((k) => ({ value: k, label: term('kind', k), icon: k }))}
        value={f.kind ?? ''}
        pick={pick('kind')}
      />
      {f.role === 'enforces' && (
        <Choices
          name="action"
          label={t('ui.fact.action')}
          choices={ACTIONS.map((a) => ({ value: a, label: term('action', a), icon: a }))}
          value={f.action ?? ''}
          pick={pick('action')}
        />
      )}
      {f.kind === 'domain' && (
        <Choices
          name="match"
          label={t('ui.fact.match')}
          choices={(['exact', 'suffix'] as const).map((m) => ({
            value: m,
            label: term('match', m),
          }))}
          value={f.match ?? ''}
          pick={pick('match')}
        />
      )}
      {f.kind === 'number' && (
        <TextField
          form={form}
          name="region"
          label={t('ui.sources.region')}
          hint={t('ui.sources.region_hint')}
          attrs={{ maxLength: 2, autocapitalize: 'characters' }}
        />
      )}
    </>
  );
}

function Limits({ form }: { form: Form }) {
  const profile = useProfile();
  const f = form.fields;
  const most = profile?.max_term_days?.[f.kind as Kind]?.[f.action as Action];
  const number = { inputMode: 'numeric' as const, maxLength: 5 };
  return (
    <div class="three">
      <TextField
        form={form}
        name="term_days"
        label={t('ui.sources.term_days')}
        attrs={number}
        hint={
          <>
            {t('ui.sources.term_hint')} {most ? t('ui.sources.term_max', { n: most }) : ''}
          </>
        }
      />
      <TextField form={form} name="shrink_percent" label={t('ui.sources.shrink')} attrs={number} />
      <TextField form={form} name="grow_percent" label={t('ui.sources.grow')} attrs={number} />
    </div>
  );
}

export function NewSource({ done }: { done: (made: Source) => void }) {
  const profile = useProfile();
  const form = useForm('source', EMPTY);
  const submit = async (event?: Event) => {
    event?.preventDefault();
    const missing = NEEDED.find((name) => !form.fields[name]?.trim());
    if (missing) return form.fail(missing, t('ui.sources.missing'));
    if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(form.fields.name?.trim() ?? ''))
      return form.fail('name', t('ui.sources.name_wrong'));
    const wrong = NUMBERS.find((name) => !/^\d*$/.test(form.fields[name]?.trim() ?? ''));
    if (wrong) return form.fail(wrong, t('ui.sources.missing'));
    const body = bodyOf(form.fields);
    const made = await form.submit(body, (key) => post<Source>('/v1/sources', body, { key }));
    if (made) done(made);
    return undefined;
  };
  const isPlaced = (form.problem?.column ?? '') in EMPTY;
  return (
    <form
      class="card form"
      aria-labelledby="new-source"
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit(event);
      }}
    >
      <h2 id="new-source">{t('ui.sources.new')}</h2>
      <p class="quiet">{t('ui.sources.two')}</p>
      <div class="two">
        <TextField
          form={form}
          name="name"
          label={t('ui.sources.name')}
          isFirst
          attrs={{ autocapitalize: 'none', maxLength: 64 }}
          hint={t('ui.sources.name_hint')}
        />
        <TextField
          form={form}
          name="licence"
          label={t('ui.sources.licence')}
          hint={t('ui.sources.licence_hint')}
        />
      </div>
      <TextField
        form={form}
        name="origin"
        label={t('ui.sources.origin')}
        hint={t('ui.sources.origin_hint')}
      />
      <What form={form} />
      <Words form={form} name="reason" words={profile?.reasons} />
      <Words form={form} name="basis" words={profile?.bases} />
      <Limits form={form} />
      <FormProblem problem={isPlaced ? null : form.problem} />
      <div class="acts">
        <button type="submit" class="button primary" aria-disabled={form.isSending}>
          {t(form.isSending ? 'ui.form.sending' : 'ui.sources.propose')}
        </button>
        <a class="button" href={withQuery({ new: '' })}>
          {t('ui.form.cancel')}
        </a>
      </div>
    </form>
  );
}

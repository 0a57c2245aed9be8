/* SPDX-License-Identifier: Apache-2.0 */
/* appeal-form - why it is wrong, and who says so: for a listing as for a refund that is noticed. */
import type { ComponentChildren } from 'preact';
import { post } from '../base/api.ts';
import { type Form, useForm } from '../base/hooks.ts';
import type { Fields } from '../base/kept.ts';
import type { OwnAppeal } from '../base/model.ts';
import { rememberKey } from '../base/own-key.ts';
import { go } from '../base/router.ts';
import { t } from '../base/words.ts';
import { TextField } from './fields.tsx';
import { Icon } from './icon.tsx';
import { FormProblem } from './states.tsx';

type About = { body: Record<string, string> } | { column: string; gap: string };

type Props = {
  draft: string;
  empty?: Fields;
  about: (fields: Fields) => About /* what it is against; or the gap there */;
  label: string;
  hint: string;
  missing: string;
  submit: string;
  children?: (form: Form) => ComponentChildren;
};

export function AppealForm(props: Props) {
  const form = useForm(props.draft, { ...props.empty, statement: '', name: '', contact: '' });
  const f = form.fields;
  const submit = async (event: Event) => {
    event.preventDefault();
    const about = props.about(f);
    if ('gap' in about) return form.fail(about.column, about.gap);
    if (!f.statement?.trim()) return form.fail('statement', props.missing);
    const body: Record<string, string> = { ...about.body, statement: f.statement.trim() };
    if (f.name?.trim()) body.name = f.name.trim();
    if (f.contact?.trim()) body.contact = f.contact.trim();
    const filed = await form.submit(body, (key) => post<OwnAppeal>('/v1/appeals', body, { key }));
    if (filed?.secret) rememberKey(filed.appeal, filed.secret);
    if (filed) go(`/appeal?ref=${encodeURIComponent(filed.appeal)}&new=1`, 'replace');
    return undefined;
  };
  const isPlaced = ['value', 'statement', 'name', 'contact'].includes(form.problem?.column ?? '');
  return (
    <form class="card form" onSubmit={(event) => void submit(event)}>
      {props.children?.(form)}
      <TextField
        form={form}
        name="statement"
        label={props.label}
        rows={6}
        attrs={{ maxLength: 4000 }}
        hint={props.hint}
      />
      <div class="two">
        <TextField
          form={form}
          name="name"
          label={t('ui.appeal.name')}
          optional
          attrs={{ autocomplete: 'name' }}
        />
        <TextField
          form={form}
          name="contact"
          label={t('ui.appeal.contact')}
          optional
          hint={t('ui.appeal.contact_hint')}
        />
      </div>
      <FormProblem problem={isPlaced ? null : form.problem} />
      <div class="acts">
        <button type="submit" class="button primary big" aria-disabled={form.isSending}>
          <Icon name="send" />
          {form.isSending ? t('ui.form.sending') : props.submit}
        </button>
        <button type="button" class="button ghost" onClick={form.clear}>
          {t('ui.form.clear')}
        </button>
      </div>
      <p class="hint">{t('ui.appeal.privacy')}</p>
    </form>
  );
}

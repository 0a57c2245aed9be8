/* SPDX-License-Identifier: Apache-2.0 */
/* appeal - for anybody who is blocked: say why it is wrong, get a reference, follow its clock. */
import { useState } from 'preact/hooks';
import { get, search } from '../base/api.ts';
import { useLoad, useTitle } from '../base/hooks.ts';
import type { Fields } from '../base/kept.ts';
import type { Check } from '../base/model.ts';
import { go, query } from '../base/router.ts';
import { t, term } from '../base/words.ts';
import { AppealForm } from '../parts/appeal-form.tsx';
import { KindIcon } from '../parts/bits.tsx';
import { TextField } from '../parts/fields.tsx';
import { Follow } from './appeal-follow.tsx';

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
  const order = query('order');
  const kind = query('kind');
  const given = query('value');
  const about = (f: Fields) => {
    const value = f.value?.trim() ?? '';
    if (listing) return { body: { listing } };
    if (order) return { body: { order } };
    if (!value) return { column: 'value', gap: t('ui.appeal.value_missing') };
    return { body: kind ? { kind, value } : { value } };
  };
  return (
    <>
      <p class="lead">{t('ui.appeal.lead')}</p>
      <AppealForm
        draft={`appeal.${listing || order || given}`}
        empty={{ value: given }}
        about={about}
        label={t('ui.appeal.statement')}
        hint={t('ui.appeal.statement_hint')}
        missing={t('ui.appeal.statement_missing')}
        submit={t('ui.appeal.submit')}
      >
        {(form) =>
          order ? (
            <p class="quiet">
              {t('ui.appeals.order')} <code>{order}</code>
            </p>
          ) : listing ? (
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

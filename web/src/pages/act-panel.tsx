/* SPDX-License-Identifier: Apache-2.0 */
/* act-panel - one act on one listing: what will happen, the reason where one is owed, done. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { post } from '../base/api.ts';
import { useForm } from '../base/hooks.ts';
import type { Listing } from '../base/model.ts';
import { t, term } from '../base/words.ts';
import { Key, When } from '../parts/bits.tsx';
import { Suggestions, TextField } from '../parts/fields.tsx';
import { FormProblem } from '../parts/states.tsx';

export type Act = 'approve' | 'refuse' | 'lift';

const REASONS: Record<Act, string[]> = {
  approve: [],
  refuse: ['evidence', 'basis', 'duplicate', 'wrong'],
  lift: ['mistake', 'changed', 'source', 'court'],
};

function Effect({ act, item }: { act: Act; item: Listing }) {
  return (
    <p>
      {t(`ui.act.${act}.effect`, { value: item.display, action: term('action', item.action) })}
      {act === 'approve' && (
        <>
          {' '}
          {t('ui.act.approve.until')} <When at={item.until} />
          {t('ui.stop')}
        </>
      )}
    </p>
  );
}

export function ActPanel(props: {
  act: Act;
  item: Listing;
  done: (item: Listing) => void;
  close: () => void;
}) {
  const { act, item } = props;
  const needsWhy = act !== 'approve';
  const form = useForm(`${act}.${item.listing}`, { why: '' });
  const ok = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLFormElement>(null);
  /* Before the next key can come: "a", Enter typed quickly must not miss the button. */
  useLayoutEffect(() => {
    if (!needsWhy) ok.current?.focus();
    panel.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const submit = async (event?: Event) => {
    event?.preventDefault();
    const why = form.fields.why?.trim() ?? '';
    if (needsWhy && !why) {
      form.fail('why', t('ui.act.why_missing'));
      return;
    }
    const address = `/v1/listings/${encodeURIComponent(item.listing)}/${act}`;
    const body = needsWhy ? { why } : {};
    const changed = await form.submit(body, (key) => post<Listing>(address, body, { key }));
    if (changed) props.done(changed);
  };
  return (
    <form
      class="panel"
      ref={panel}
      aria-label={t(`ui.act.${act}`)}
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          event.preventDefault();
          props.close();
        }
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit(event);
      }}
    >
      <Effect act={act} item={item} />
      {needsWhy && (
        <>
          <TextField form={form} name="why" label={t(`ui.act.${act}.why`)} rows={2} isFirst />
          <Suggestions
            label={t('ui.act.suggestions')}
            words={REASONS[act].map((r) => ({
              value: t(`ui.act.${act}.${r}`),
              label: t(`ui.act.${act}.${r}`),
            }))}
            chosen={form.fields.why ?? ''}
            pick={(value) => form.put('why', value)}
          />
        </>
      )}
      <FormProblem problem={form.problem?.column === 'why' ? null : form.problem} />
      <div class="acts">
        <button type="submit" ref={ok} class="button primary" aria-disabled={form.isSending}>
          {t(form.isSending ? 'ui.form.sending' : `ui.act.${act}.confirm`)}
          <Key>{needsWhy ? 'Ctrl ↵' : '↵'}</Key>
        </button>
        <button type="button" class="button" onClick={props.close}>
          {t('ui.form.cancel')}
          <Key>Esc</Key>
        </button>
      </div>
    </form>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
/* ask - one act before it is done: what will happen, the reason where one is owed, done. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useForm } from '../base/hooks.ts';
import { t } from '../base/words.ts';
import { Key } from './bits.tsx';
import { Suggestions, TextField } from './fields.tsx';
import { FormProblem } from './states.tsx';

export type Question<T> = {
  draft: string /* under this name the reason is kept */;
  about?: unknown /* where the draft's name does not say it all */;
  label: string;
  effect: ComponentChildren;
  confirm: string;
  why?: string /* the question; without it no reason is owed */;
  reasons?: string[];
  send: (body: { why?: string }, key: string) => Promise<T>;
};

export function Ask<T>(props: {
  question: Question<T>;
  done: (answer: T) => void;
  close: () => void;
}) {
  const q = props.question;
  const form = useForm(q.draft, { why: '' });
  const ok = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLFormElement>(null);
  /* Before the next key can come: "a", Enter typed quickly must not miss the button. */
  useLayoutEffect(() => {
    if (!q.why) ok.current?.focus();
    panel.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const submit = async (event?: Event) => {
    event?.preventDefault();
    const why = form.fields.why?.trim() ?? '';
    if (q.why && !why) {
      form.fail('why', t('ui.act.why_missing'));
      return;
    }
    const body = q.why ? { why } : {};
    /* The same reason for something else is a new request. */
    const answer = await form.submit([q.about ?? q.draft, body], (key) => q.send(body, key));
    if (answer) props.done(answer);
  };
  return (
    <form
      class="panel"
      ref={panel}
      aria-label={q.label}
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
      <p>{q.effect}</p>
      {q.why && (
        <>
          <TextField form={form} name="why" label={q.why} rows={2} isFirst />
          <Suggestions
            label={t('ui.act.suggestions')}
            words={(q.reasons ?? []).map((r) => ({ value: r, label: r }))}
            chosen={form.fields.why ?? ''}
            pick={(value) => form.put('why', value)}
          />
        </>
      )}
      <FormProblem problem={form.problem?.column === 'why' ? null : form.problem} />
      <div class="acts">
        <button type="submit" ref={ok} class="button primary" aria-disabled={form.isSending}>
          {form.isSending ? t('ui.form.sending') : q.confirm}
          <Key>{q.why ? 'Ctrl ↵' : '↵'}</Key>
        </button>
        <button type="button" class="button" onClick={props.close}>
          {t('ui.form.cancel')}
          <Key>Esc</Key>
        </button>
      </div>
    </form>
  );
}

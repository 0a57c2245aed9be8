/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guardian - for anybody: name somebody who is to be asked to call, confirm by the code that came to
 * the telephone, end it. What is typed is kept nowhere; whose it is, and the key, stand behind #,
 * which no server sees.
 */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { type Problem, post, sayProblem } from '../base/api.ts';
import { useTitle } from '../base/hooks.ts';
import { newKey } from '../base/kept.ts';
import { lang, t } from '../base/words.ts';
import { Field } from '../parts/fields.tsx';
import { Icon } from '../parts/icon.tsx';
import { Told } from '../parts/key-field.tsx';
import { FormProblem } from '../parts/states.tsx';

type Answer = { guardian: string; state: string; secret?: string };
type Line = { name: string; label: string; hint?: string; mode?: 'tel' | 'numeric' | 'text' };

/* Sent once a click; what is refused stays to be mended. */
function Form(props: {
  lines: Line[];
  submit: string;
  send: (said: Record<string, string>, key: string) => Promise<Answer>;
  done: (answer: Answer) => void;
  children?: ComponentChildren;
}) {
  const [said, setSaid] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSending, setSending] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isSending) return;
    setSending(true);
    setProblem(null);
    try {
      props.done(await props.send(said, newKey()));
    } catch (cause) {
      setProblem(sayProblem(cause));
    } finally {
      setSending(false);
    }
  };
  const own = props.lines.some((line) => line.name === problem?.column);
  return (
    <form class="card form" autocomplete="off" onSubmit={(event) => void submit(event)}>
      {props.children}
      {props.lines.map(({ name, label, hint, mode }) => (
        <Field
          key={name}
          id={`f-${name}`}
          label={label}
          hint={hint}
          problem={problem?.column === name ? problem.detail : undefined}
        >
          <input
            id={`f-${name}`}
            inputMode={mode ?? 'tel'}
            autocomplete="off"
            value={said[name] ?? ''}
            onInput={(event) => setSaid({ ...said, [name]: event.currentTarget.value })}
            aria-invalid={problem?.column === name ? 'true' : undefined}
          />
        </Field>
      ))}
      {!own && <FormProblem problem={problem} />}
      <div class="acts">
        <button type="submit" class="button primary" aria-disabled={isSending}>
          {t(isSending ? 'ui.form.sending' : props.submit)}
        </button>
      </div>
    </form>
  );
}

const address = (id: string, act: string) => `/v1/guardians/${encodeURIComponent(id)}/${act}`;

function Confirm({ id }: { id: string }) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  if (answer)
    return (
      <div class="card">
        <p class="note jade">
          <Icon name="tick" size={18} />
          <span>{t(`ui.guardian.now.${answer.state}`)}</span>
        </p>
        {answer.secret && <Told name={t('ui.guardian.secret')} text={answer.secret} />}
        <p class="hint">{t('ui.guardian.keep')}</p>
      </div>
    );
  return (
    <Form
      lines={[
        { name: 'code', label: t('ui.guardian.code'), mode: 'numeric' },
        {
          name: 'called',
          label: t('ui.guardian.called'),
          hint: t('ui.guardian.called_hint'),
          mode: 'text',
        },
      ]}
      submit="ui.guardian.confirm"
      send={(said, key) =>
        post<Answer>(
          address(id, 'confirm'),
          { code: (said.code ?? '').trim(), called: said.called ?? '' },
          { key, quiet: true },
        )
      }
      done={setAnswer}
    />
  );
}

function End({ id, secret }: { id: string; secret: string }) {
  const [isDone, setDone] = useState(false);
  if (isDone)
    return (
      <p class="note jade">
        <Icon name="tick" size={18} />
        <span>{t('ui.guardian.now.revoked')}</span>
      </p>
    );
  return (
    <Form
      lines={[]}
      submit="ui.guardian.end"
      send={(_, key) => post<Answer>(address(id, 'revoke'), { secret }, { key, quiet: true })}
      done={() => setDone(true)}
    >
      <p>{t('ui.guardian.end_lead')}</p>
    </Form>
  );
}

export function Guardian() {
  useTitle(t('ui.guardian.title'));
  const [id, secret] = location.hash.slice(1).split('.');
  const [invited, setInvited] = useState('');
  const shown = id || invited;
  return (
    <div class="column">
      <h1>{t('ui.guardian.title')}</h1>
      <p class="lead">{t('ui.guardian.lead')}</p>
      {shown && secret && <End id={shown} secret={secret} />}
      {shown && !secret && invited && <p class="note">{t('ui.guardian.sent')}</p>}
      {shown && !secret && <Confirm id={shown} />}
      {!shown && (
        <Form
          lines={[
            { name: 'number', label: t('ui.guardian.number') },
            { name: 'guardian', label: t('ui.guardian.guardian') },
          ]}
          submit="ui.guardian.invite"
          send={(said, key) =>
            post<Answer>(
              '/v1/guardians',
              {
                number: said.number ?? '',
                guardian: said.guardian ?? '',
                language: lang.value,
              },
              { key, quiet: true },
            )
          }
          done={(answer) => setInvited(answer.guardian)}
        />
      )}
      <p class="hint">{t('ui.guardian.promise')}</p>
    </div>
  );
}

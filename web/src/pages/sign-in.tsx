/* SPDX-License-Identifier: Apache-2.0 */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type Problem, sayProblem } from '../base/api.ts';
import { useTitle } from '../base/hooks.ts';
import { go, query } from '../base/router.ts';
import { me, safeNext, signIn, user } from '../base/session.ts';
import { t } from '../base/words.ts';
import { Field } from '../parts/fields.tsx';
import { Icon } from '../parts/icon.tsx';
import { FormProblem } from '../parts/states.tsx';

export function SignIn() {
  useTitle(t('ui.sign_in'));
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSending, setSending] = useState(false);
  const next = safeNext(query('next'));
  useLayoutEffect(() => name.current?.focus(), []);
  useEffect(() => {
    if (user.value) go(next, 'replace');
  }, [user.value]);

  const submit = async (event: Event) => {
    event.preventDefault();
    const [who, secret] = [name.current?.value.trim() ?? '', password.current?.value ?? ''];
    if (!who || !secret) {
      (who ? password : name).current?.focus();
      return;
    }
    setSending(true);
    setProblem(null);
    try {
      await signIn(who, secret, next);
    } catch (cause) {
      setProblem(sayProblem(cause));
      password.current?.select();
    } finally {
      setSending(false);
    }
  };

  return (
    <div class="narrow">
      <h1>{t('ui.sign_in')}</h1>
      {query('expired') && (
        <p class="note">
          <Icon name="info" size={18} />
          {t('ui.sign_in.expired')}
        </p>
      )}
      <form class="card form" onSubmit={submit}>
        <Field id="name" label={t('ui.sign_in.name')}>
          <input
            id="name"
            ref={name}
            name="username"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
          />
        </Field>
        <Field id="password" label={t('ui.sign_in.password')}>
          <input
            id="password"
            ref={password}
            name="password"
            type="password"
            autocomplete="current-password"
            required
          />
        </Field>
        <FormProblem problem={problem} />
        <button type="submit" class="button primary big" aria-disabled={isSending}>
          <Icon name="enter" />
          {t(isSending ? 'ui.sign_in.sending' : 'ui.sign_in')}
        </button>
      </form>
      {me.value?.centre.kind === 'demonstration' && <p class="hint">{t('ui.sign_in.demo')}</p>}
      <p class="hint">{t('ui.sign_in.citizen')}</p>
    </div>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tip - for anybody: tell of a number, a site, an account or a message that looks like a scam. What
 * stands behind # was looked up before, and no server sees it.
 */
import { useState } from 'preact/hooks';
import { Problem, post } from '../base/api.ts';
import { useForm, useTitle } from '../base/hooks.ts';
import type { Check } from '../base/model.ts';
import { t, term } from '../base/words.ts';
import { Badge, KindIcon, VERDICT_LOOK } from '../parts/bits.tsx';
import { TextField } from '../parts/fields.tsx';
import { Icon } from '../parts/icon.tsx';
import { MoneySent } from '../parts/money-sent.tsx';
import { FormProblem } from '../parts/states.tsx';

type Told = { things: Pick<Check, 'kind' | 'value' | 'display' | 'verdict'>[] };

/* One thing as it was typed; words around it make it a message, in which things are looked for. */
async function send(said: string, key: string): Promise<Told> {
  const how = { key, quiet: true };
  try {
    return await post<Told>('/v1/tips', { value: said }, how);
  } catch (cause) {
    const isWords = /[^\x20-\x7e]|[a-z]\s|\s[a-z]/i.test(said);
    if (!(cause instanceof Problem) || cause.status !== 400 || !isWords) throw cause;
    return await post<Told>('/v1/tips', { message: said }, { ...how, key: `${key}-m` });
  }
}

function Thanks({ told }: { told: Told }) {
  return (
    <section class="card" aria-live="polite">
      <p class="note jade">
        <Icon name="tick" size={18} />
        <span>{t('ui.tip.thanks')}</span>
      </p>
      <ul class="plain">
        {told.things.map((thing) => {
          const [icon, colour] = VERDICT_LOOK[thing.verdict];
          return (
            <li key={thing.value} class="row-line">
              <KindIcon kind={thing.kind} size={18} />
              <code class="row-value">{thing.display}</code>
              {thing.verdict !== 'pass' && (
                <Badge icon={icon} colour={colour}>
                  {term('verdict_word', thing.verdict)}
                </Badge>
              )}
            </li>
          );
        })}
      </ul>
      <p class="hint">{t('ui.tip.next')}</p>
    </section>
  );
}

export function Tip() {
  useTitle(t('ui.tip.title'));
  const [given] = useState(() => decodeURIComponent(location.hash.slice(1)));
  const form = useForm(`tip ${given}`, { said: given });
  const [told, setTold] = useState<Told | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    const said = form.fields.said?.trim() ?? '';
    if (!said) {
      form.fail('said', t('ui.tip.empty'));
      return;
    }
    const answer = await form.submit(said, (key) => send(said, key));
    if (!answer) return;
    history.replaceState(history.state, '', location.pathname);
    form.put('said', '');
    setTold(answer);
  };
  return (
    <div class="column">
      <h1>{t('ui.tip.title')}</h1>
      <p class="lead">{t('ui.tip.lead')}</p>
      {told && <Thanks told={told} />}
      <form class="card form" autocomplete="off" onSubmit={(event) => void submit(event)}>
        <TextField
          form={form}
          name="said"
          label={t('ui.tip.said')}
          hint={t('ui.tip.said_hint')}
          rows={4}
        />
        <FormProblem problem={form.problem?.column === 'said' ? null : form.problem} />
        <div class="acts">
          <button type="submit" class="button primary" aria-disabled={form.isSending}>
            {t(form.isSending ? 'ui.form.sending' : 'ui.tip.send')}
          </button>
        </div>
      </form>
      <MoneySent />
    </div>
  );
}

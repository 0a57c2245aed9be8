/* SPDX-License-Identifier: Apache-2.0 */
/* check - one box; the answer says the verdict, why, who, until when and what to do now. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { get, search } from '../base/api.ts';
import { useKeys, useLoad, useTitle } from '../base/hooks.ts';
import type { Check as Answer } from '../base/model.ts';
import { useProfile, wordOf } from '../base/profile.ts';
import { go, query } from '../base/router.ts';
import { can, me } from '../base/session.ts';
import { t, term } from '../base/words.ts';
import { Clock, Fact, Facts, KindIcon, VERDICT_LOOK, When } from '../parts/bits.tsx';
import { Icon } from '../parts/icon.tsx';
import { MoneySent } from '../parts/money-sent.tsx';
import { Broken, Waiting } from '../parts/states.tsx';

export function CheckBox({ isLarge }: { isLarge?: boolean }) {
  const box = useRef<HTMLInputElement>(null);
  const asked = query('q');
  useLayoutEffect(() => {
    if (box.current && box.current.value !== asked) box.current.value = asked;
    if (!asked && matchMedia('(hover: hover)').matches) box.current?.focus({ preventScroll: true });
  }, [asked]);
  useKeys({
    '/': () => {
      box.current?.focus();
      box.current?.select();
    },
  });
  const submit = (event: Event) => {
    event.preventDefault();
    const value = box.current?.value.trim();
    if (!value) {
      box.current?.focus();
      return;
    }
    go(`/check?q=${encodeURIComponent(value)}`);
  };
  return (
    <form class={isLarge ? 'check-box large' : 'check-box'} role="search" onSubmit={submit}>
      <label for="check" class="unseen">
        {t('ui.check.label')}
      </label>
      <input
        id="check"
        ref={box}
        type="text"
        inputMode="text"
        enterkeyhint="search"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        maxLength={2048}
        placeholder={t('ui.check.placeholder')}
      />
      <button type="submit" class="button primary big">
        <Icon name="check" />
        {t('ui.check.ask')}
      </button>
    </form>
  );
}

/* Where an appeal about this answer begins; the server's own address when it gives one. */
function appealHref(answer: Answer): string {
  const given = answer.appeal_url ? new URL(answer.appeal_url, location.href) : null;
  if (given && given.origin === location.origin) return given.pathname + given.search;
  return `/appeal${search({ listing: answer.listing, kind: answer.kind, value: answer.value })}`;
}

function Why({ answer }: { answer: Answer }) {
  const profile = useProfile();
  return (
    <Facts>
      {answer.reason && (
        <Fact name={t('ui.fact.reason')} wide>
          {answer.reason_text ?? wordOf(profile?.reasons, answer.reason)}
        </Fact>
      )}
      {answer.basis && (
        <Fact name={t('ui.fact.basis')} wide>
          {wordOf(profile?.bases, answer.basis)}
        </Fact>
      )}
      <Fact name={t('ui.fact.who')}>{me.value?.centre.name ?? '—'}</Fact>
      {answer.from && (
        <Fact name={t('ui.fact.from')}>
          <When at={answer.from} />
        </Fact>
      )}
      {answer.until && (
        <Fact name={t('ui.fact.until')}>
          <When at={answer.until} />{' '}
          <Clock due={answer.until} isPlain key_left="ui.time.lapses" key_late="ui.time.lapsed" />
        </Fact>
      )}
      {answer.listing && (
        <Fact name={t('ui.fact.listing')}>
          {can('listing.propose') || can('listing.approve') ? (
            <a href={`/lists?id=${encodeURIComponent(answer.listing)}`}>
              <code>{answer.listing}</code>
            </a>
          ) : (
            <code>{answer.listing}</code>
          )}
        </Fact>
      )}
    </Facts>
  );
}

function Result({ answer }: { answer: Answer }) {
  const isProtected = answer.verdict === 'pass' && !!answer.listing;
  const [icon, colour] = isProtected ? (['allow', 'jade'] as const) : VERDICT_LOOK[answer.verdict];
  const meant = isProtected
    ? 'protected'
    : answer.kind === 'number'
      ? `number.${answer.verdict}`
      : answer.verdict;
  return (
    <section class={`card verdict ${colour}`} aria-labelledby="verdict">
      <div class="verdict-head">
        <Icon name={icon} size={40} />
        <div>
          <h2 id="verdict">{t(`ui.verdict.${meant}`)}</h2>
          <p class="verdict-value">
            <KindIcon kind={answer.kind} size={18} />
            <span class="quiet">{term('kind', answer.kind)}</span>
            <code>{answer.display}</code>
          </p>
        </div>
      </div>
      <p class="verdict-advice">{t(`ui.verdict.${meant}.advice`)}</p>
      {answer.notice && <p class="verdict-notice">{answer.notice}</p>}
      {(answer.listing || answer.verdict !== 'pass') && <Why answer={answer} />}
      {answer.verdict !== 'pass' && (
        <p class="verdict-appeal">
          <a class="button" href={appealHref(answer)}>
            <Icon name="appeals" />
            {t('ui.check.appeal')}
          </a>
          <span class="quiet">{t('ui.check.appeal_hint')}</span>
        </p>
      )}
      {answer.verdict !== 'block' && (
        <p>
          <a href={`/tip#${encodeURIComponent(answer.value)}`}>{t('ui.tip.tell')}</a>
        </p>
      )}
      {answer.verdict === 'pass' && can('listing.propose') && (
        <p>
          <a
            class="button"
            href={`/lists${search({ new: '1', value: answer.value, kind: answer.kind })}`}
          >
            <Icon name="plus" />
            {t('ui.check.propose')}
          </a>
        </p>
      )}
    </section>
  );
}

export function Check() {
  useTitle(t('ui.nav.check'));
  const asked = query('q');
  const { data, problem, isLoading, reload } = useLoad<Answer>(
    asked ? `/v1/check${search({ q: asked })}` : '',
    (signal) => get(`/v1/check${search({ q: asked })}`, { signal }),
  );
  return (
    <div class="column">
      <h1>{t('ui.check.title')}</h1>
      <CheckBox isLarge />
      <p class="hint">{t('ui.check.hint')}</p>
      <div aria-live="polite" aria-busy={isLoading}>
        {problem && problem.status >= 400 && problem.status < 500 ? (
          <p class="card note-card">
            <Icon name="info" size={24} />
            <span>{problem.detail}</span>
          </p>
        ) : problem ? (
          <Broken problem={problem} again={reload} works={t('ui.broken.call')} />
        ) : data ? (
          <Result answer={data} />
        ) : (
          isLoading && <Waiting what={t('ui.slow.check')} />
        )}
      </div>
      <MoneySent />
    </div>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * appeal-follow - how far an appeal has got, by its reference; what it is about, the answer and
 * taking it back, with the key that whoever filed it was told once.
 */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { get, type Problem, post, sayProblem, search } from '../base/api.ts';
import { useLoad } from '../base/hooks.ts';
import { newKey } from '../base/kept.ts';
import type { OwnAppeal } from '../base/model.ts';
import { keyOf, readKey, rememberKey } from '../base/own-key.ts';
import { withQuery } from '../base/router.ts';
import { t, term } from '../base/words.ts';
import { AppealBadge, Clock, Fact, Facts, KindIcon, StateBadge, When } from '../parts/bits.tsx';
import { Icon } from '../parts/icon.tsx';
import { KeyField, Told } from '../parts/key-field.tsx';
import { OrderStateBadge } from '../parts/order-bits.tsx';
import { RoundBadge } from '../parts/round-bits.tsx';
import { Broken, FormProblem, Waiting } from '../parts/states.tsx';

const DAY_MS = 24 * 3_600_000;

const addressOf = (reference: string, secret: string): string =>
  `/v1/appeals/${encodeURIComponent(reference)}${search({ secret })}`;

function Reference(props: { reference: string; secret: string; isNew: boolean }) {
  const { reference, secret, isNew } = props;
  return (
    <div class="reference">
      {isNew && (
        <p class="note jade">
          <Icon name="tick" size={18} />
          <span>{t('ui.appeal.filed')}</span>
        </p>
      )}
      <Told name={t('ui.appeal.reference')} text={reference} />
      {isNew && secret && <Told name={t('ui.progress.secret')} text={secret} />}
      {isNew && <p class="hint">{t(secret ? 'ui.appeal.keep' : 'ui.appeal.keep_reference')}</p>}
    </div>
  );
}

type KeyAsk = { reference: string; open: (secret: string) => void };

/* What is typed is tried first: what does not fit opens nothing and is not kept. */
function AskKey({ reference, open }: KeyAsk) {
  const box = useRef<HTMLInputElement>(null);
  const [isWrong, setWrong] = useState(false);
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  useLayoutEffect(() => {
    if (isWrong || problem) box.current?.focus();
  }, [isWrong, problem]);
  const submit = async (event: Event) => {
    event.preventDefault();
    const secret = readKey(box.current?.value ?? '');
    setProblem(null);
    setWrong(!secret);
    if (!secret || isSending) return;
    setSending(true);
    try {
      await get<OwnAppeal>(addressOf(reference, secret), { quiet: true });
      open(secret);
    } catch (cause) {
      setProblem(sayProblem(cause));
      setSending(false);
    }
  };
  return (
    <form class="card form" onSubmit={(event) => void submit(event)} autocomplete="off">
      <p>{t('ui.appeal.key_for')}</p>
      <KeyField box={box} isWrong={isWrong} />
      <FormProblem problem={problem} />
      <div class="acts">
        <button type="submit" class="button" aria-disabled={isSending}>
          {t(isSending ? 'ui.form.sending' : 'ui.appeal.key_open')}
        </button>
      </div>
    </form>
  );
}

function Withdraw(props: { reference: string; secret: string; reload: () => void }) {
  const [isSure, setSure] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [key] = useState(newKey);
  const withdraw = async () => {
    const address = `/v1/appeals/${encodeURIComponent(props.reference)}/withdraw`;
    try {
      await post(address, { secret: props.secret }, { key, quiet: true });
      props.reload();
    } catch (cause) {
      setProblem(sayProblem(cause));
    }
  };
  return (
    <div>
      <FormProblem problem={problem} />
      {isSure ? (
        <div class="acts">
          <span>{t('ui.appeal.withdraw_sure')}</span>
          <button type="button" class="button" onClick={() => void withdraw()}>
            {t('ui.appeal.withdraw_yes')}
          </button>
          <button type="button" class="button ghost" onClick={() => setSure(false)}>
            {t('ui.form.cancel')}
          </button>
        </div>
      ) : (
        <button type="button" class="button" onClick={() => setSure(true)}>
          {t('ui.appeal.withdraw')}
        </button>
      )}
    </div>
  );
}

/* Only whoever has the key sees more than its clock. */
function About({ item }: { item: OwnAppeal }) {
  return (
    <>
      {item.listing && (
        <Fact name={t('ui.appeal.about')} wide>
          <KindIcon kind={item.listing.kind} size={18} /> <code>{item.listing.display}</code>{' '}
          <StateBadge state={item.listing.state} />
        </Fact>
      )}
      {item.order && (
        <Fact name={t('ui.appeal.about')} wide>
          {term('order_kind', item.order.kind)} <OrderStateBadge state={item.order.state} />
        </Fact>
      )}
      {item.round && (
        <Fact name={t('ui.appeal.about')} wide>
          <a href={`/notices/${encodeURIComponent(item.round.round)}`}>{t('ui.notices.title')}</a>{' '}
          <RoundBadge state={item.round.state} />
        </Fact>
      )}
    </>
  );
}

function Standing({ item }: { item: OwnAppeal }) {
  const isOpen = item.state === 'filed' || item.state === 'reviewing';
  const isOwn = !!(item.listing || item.order || item.round);
  return (
    <>
      <div class="follow-state">
        <AppealBadge state={item.state} />
        {isOpen && <Clock due={item.due_at} soon_ms={DAY_MS} />}
      </div>
      {isOwn && <p>{t(`ui.appeal.${item.round ? 'round_now' : 'now'}.${item.state}`)}</p>}
      {item.answer && (
        <blockquote class="answer">
          <p class="quiet">{t('ui.appeal.answer')}</p>
          <p class="prose">{item.answer}</p>
        </blockquote>
      )}
      <Facts>
        <About item={item} />
        <Fact name={t('ui.appeal.filed_at')}>
          <When at={item.filed_at} />
        </Fact>
        <Fact name={t('ui.appeal.due_at')}>
          <When at={item.due_at} />
        </Fact>
        {item.decided_at && (
          <Fact name={t('ui.appeal.decided_at')}>
            <When at={item.decided_at} />
          </Fact>
        )}
      </Facts>
    </>
  );
}

export function Follow({ reference, isNew }: { reference: string; isNew: boolean }) {
  const [secret, setSecret] = useState(keyOf(reference));
  const address = addressOf(reference, secret);
  const { data, problem, reload } = useLoad<OwnAppeal>(address, (signal) =>
    get(address, { signal, quiet: true }),
  );
  const isOpen = data?.state === 'filed' || data?.state === 'reviewing';
  const open = (key: string) => {
    rememberKey(reference, key);
    setSecret(key);
  };
  return (
    <>
      <section class="card">
        <Reference reference={reference} secret={secret} isNew={isNew} />
        {problem ? (
          <Broken problem={problem} again={reload} />
        ) : !data ? (
          <Waiting what={t('ui.slow.appeal')} />
        ) : (
          <Standing item={data} />
        )}
        {secret && isOpen && <Withdraw reference={reference} secret={secret} reload={reload} />}
      </section>
      {data && !secret && <AskKey reference={reference} open={open} />}
      <p>
        <a href={withQuery({ ref: '', new: '' })}>{t('ui.appeal.another')}</a>
      </p>
    </>
  );
}

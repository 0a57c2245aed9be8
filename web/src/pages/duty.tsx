/* SPDX-License-Identifier: Apache-2.0 */
/*
 * duty - an officer's page, for one hand on a telephone: accept, go there with the script, say what
 * came of it. Three taps. What is done without a line is kept and sent later, once.
 */
import { useEffect, useState } from 'preact/hooks';
import {
  type Alert,
  type AlertAct,
  addressOf,
  dropSaid,
  keepSaid,
  OUTCOMES,
  RESULTS,
  readSaid,
  type Said,
  sendSaid,
} from '../base/alerts.ts';
import { get, post, sayProblem, search } from '../base/api.ts';
import { useCalmly, useLoad, useTitle } from '../base/hooks.ts';
import { newKey } from '../base/kept.ts';
import type { Page } from '../base/model.ts';
import { segments } from '../base/router.ts';
import { user } from '../base/session.ts';
import { t, term } from '../base/words.ts';
import { AlertBadge, Due, TierBadge } from '../parts/alert-bits.tsx';
import { Icon } from '../parts/icon.tsx';
import { Purpose } from '../parts/purpose.tsx';
import { Broken, Empty, Waiting } from '../parts/states.tsx';

const SYNC_MS = 15_000;
const isNews = (live: { name: string }) => live.name === 'alert' || live.name === 'outreach';

/* Sends what is kept whenever there may be a line; says what is kept still. */
function useKept(by: string, sent: () => void) {
  const [kept, setKept] = useState(readSaid(by));
  const sync = async () => {
    const before = readSaid(by).length;
    await sendSaid(by);
    setKept(readSaid(by));
    if (readSaid(by).length < before) sent();
  };
  useEffect(() => {
    void sync();
    const timer = setInterval(() => void sync(), SYNC_MS);
    const online = () => void sync();
    addEventListener('online', online);
    return () => {
      clearInterval(timer);
      removeEventListener('online', online);
    };
  }, []);
  return {
    by,
    kept,
    sync,
    drop: (key: string) => {
      dropSaid(key);
      setKept(readSaid(by));
    },
  };
}

function Kept({ of }: { of: ReturnType<typeof useKept> }) {
  const waiting = of.kept.filter((s) => !s.refused).length;
  return (
    <div role="status">
      {waiting > 0 && (
        <p class="note ochre">
          <Icon name="hour" size={18} />
          <span>{t('ui.duty.kept', { n: waiting })}</span>
        </p>
      )}
      {of.kept
        .filter((s) => s.refused)
        .map((s) => (
          <p class="note ochre" key={s.key}>
            <Icon name="warn" size={18} />
            <span>
              {t(`ui.alert.act.${s.act}`)}: {s.refused}
            </span>
            <button type="button" class="button small" onClick={() => of.drop(s.key)}>
              {t('ui.duty.seen')}
            </button>
          </p>
        ))}
    </div>
  );
}

/* What to say; for this kind of scam first. */
function Script({ scam }: { scam: string | undefined }) {
  const own = scam ? t(`ui.script.${scam}`) : '';
  return (
    <details class="card" open>
      <summary>{t('ui.script.title')}</summary>
      <ol>
        {own && own !== `ui.script.${scam}` && <li>{own}</li>}
        {[1, 2, 3, 4].map((n) => (
          <li key={n}>{t(`ui.script.line_${n}`)}</li>
        ))}
      </ol>
      <p>
        <a class="button" href="/reports/new">
          {t('ui.script.stop')}
        </a>
      </p>
    </details>
  );
}

type Where = { state: string; address?: string };

function Place({ item }: { item: Alert }) {
  const [where, setWhere] = useState<Where | null>(null);
  const [said, setSaid] = useState('');
  const ask = async () => {
    try {
      await post(
        addressOf(item.alert, 'whereabouts'),
        { why: t('ui.duty.visit') },
        { key: newKey() },
      );
      setSaid(t('ui.duty.asked'));
    } catch (cause) {
      setSaid(sayProblem(cause).detail);
    }
  };
  return (
    <section>
      {where?.address ? (
        <p>
          <a class="button" href={`geo:0,0?q=${encodeURIComponent(where.address)}`}>
            <Icon name="right" size={18} />
            {where.address}
          </a>
        </p>
      ) : (
        <Purpose
          draft={`duty.${item.alert}.where`}
          label={t('ui.duty.navigate')}
          read={async (purpose) => {
            setWhere(
              await get<Where>(addressOf(item.alert, 'whereabouts') + search({ purpose }), {
                quiet: true,
              }),
            );
          }}
        />
      )}
      {item.may.includes('whereabouts') && !where?.address && (
        <button type="button" class="button" onClick={() => void ask()}>
          {t('ui.alert.act.whereabouts')}
        </button>
      )}
      <p role="status">{said}</p>
    </section>
  );
}

/* --- one alert: the next tap is the large one --- */

function Taps({ item, say }: { item: Alert; say: (act: AlertAct, body: object) => void }) {
  const isTaken = !!item.taken_at;
  const isTried = !!item.reached_at || item.tries > 0;
  if (item.state === 'closed')
    return <p class="note jade">{term('alert_outcome', item.outcome)}</p>;
  return (
    <div class="duty-taps">
      {!isTaken && item.may.includes('take') && (
        <button type="button" class="button primary big" onClick={() => say('take', {})}>
          <Icon name="tick" />
          {t('ui.alert.act.take')}
        </button>
      )}
      {isTaken &&
        !isTried &&
        RESULTS.map((result, i) => (
          <button
            type="button"
            key={result}
            class={i ? 'button big' : 'button primary big'}
            onClick={() => say('outreach', { means: 'visit', result })}
          >
            {t(`ui.duty.at_door.${result}`)}
          </button>
        ))}
      {isTried &&
        OUTCOMES.map((outcome, i) => (
          <button
            type="button"
            key={outcome}
            class={i ? 'button big' : 'button primary big'}
            onClick={() => say('outcome', { outcome })}
          >
            {t(`ui.duty.outcome.${outcome}`)}
          </button>
        ))}
    </div>
  );
}

/* As it will be once what is kept has been sent: the next tap does not wait for a line. */
function ahead(item: Alert, acts: Said[]): Alert {
  const mine = acts.filter((s) => s.alert === item.alert && !s.refused);
  const at = new Date().toISOString();
  const outcome = mine.find((s) => s.act === 'outcome')?.body as Partial<Alert> | undefined;
  return {
    ...item,
    ...(mine.some((s) => s.act === 'take') && { taken_at: at }),
    ...(mine.some((s) => s.act === 'outreach') && { tries: item.tries + 1 }),
    ...(outcome?.outcome && { state: 'closed' as const, outcome: outcome.outcome }),
  };
}

function One({ id, of }: { id: string; of: ReturnType<typeof useKept> }) {
  const address = addressOf(id);
  const { data, problem, reload } = useLoad<Alert>(address, (signal) =>
    get(address, { signal, quiet: true }),
  );
  useCalmly(isNews, reload);
  useEffect(reload, [of.kept.length]);
  if (!data)
    return problem ? (
      <Broken problem={problem} again={reload} />
    ) : (
      <Waiting what={t('ui.slow.list')} />
    );
  const shown = ahead(data, of.kept);
  return (
    <>
      <p class="badges">
        <TierBadge tier={data.tier} />
        <AlertBadge state={shown.state} />
        <Due item={data} />
      </p>
      <h2>{data.scam_text ?? t('ui.alert.unknown_scam')}</h2>
      <Taps
        item={shown}
        say={(act, body) => {
          keepSaid(of.by, id, act, body);
          void of.sync().then(reload);
        }}
      />
      {shown.state !== 'closed' && <Place item={data} />}
      {shown.state !== 'closed' && <Script scam={data.scam} />}
    </>
  );
}

export function Duty() {
  useTitle(t('ui.duty.title'));
  const id = segments.value[1] ?? '';
  const asked = `/v1/alerts${search({ officer: 'me', limit: 50 })}`;
  const { data, problem, reload } = useLoad<Page<Alert>>(asked, (signal) =>
    get(asked, { signal, quiet: true }),
  );
  const of = useKept(user.value?.name ?? '', reload);
  useCalmly(isNews, reload);
  const open = data?.items.filter((a) => a.state !== 'closed') ?? [];
  return (
    <div class="column">
      <h1>
        {id ? (
          <a href="/duty">
            <Icon name="back" size={18} /> {t('ui.duty.title')}
          </a>
        ) : (
          t('ui.duty.title')
        )}
      </h1>
      <Kept of={of} />
      {id && <One key={id} id={id} of={of} />}
      {!id &&
        !data &&
        (problem ? (
          <Broken problem={problem} again={reload} />
        ) : (
          <Waiting what={t('ui.slow.list')} />
        ))}
      {!id && data && !open.length && (
        <Empty icon="pass" title={t('ui.duty.none')}>
          <p>{t('ui.duty.none_text')}</p>
        </Empty>
      )}
      {!id && (
        <ul class="plain">
          {open.map((a) => (
            <li key={a.alert}>
              <a class="row" href={`/duty/${encodeURIComponent(a.alert)}`}>
                <span class="row-body">
                  <span class="row-line">
                    <TierBadge tier={a.tier} />
                    <span class="row-note">{a.scam_text ?? t('ui.alert.unknown_scam')}</span>
                  </span>
                  <span class="row-line quiet">
                    <AlertBadge state={a.state} />
                    <Due item={a} />
                  </span>
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

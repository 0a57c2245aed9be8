/* SPDX-License-Identifier: Apache-2.0 */
/* resolvers - who enforces the zone, and how far each has come; refreshes by itself. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { get } from '../base/api.ts';
import { useLoad, useTitle } from '../base/hooks.ts';
import type { Resolvers, Secondary, ZoneFile } from '../base/model.ts';
import { answeredAt, now, sayExact, saySpan, spanOf } from '../base/time.ts';
import { t } from '../base/words.ts';
import { Badge, When } from '../parts/bits.tsx';
import { Icon } from '../parts/icon.tsx';
import { Broken, Empty, Waiting } from '../parts/states.tsx';

const EVERY_MS = 5000;
/* A resolver that is not told asks twice a minute: behind for longer is late. */
const LATE_MS = 120_000;

/* Serials turn round at 2^32 (RFC 1982). */
const behind = (centre: number, own: number) => (centre - own) >>> 0;

/* Where the server no longer remembers: since when this page has seen each of them behind. */
const seenBehind = new Map<string, number>();

function watched(name: string, own: number): number {
  const key = `${name} ${own}`;
  const since = seenBehind.get(key) ?? now.value;
  seenBehind.set(key, since);
  return now.value - since;
}

type Standing = {
  name: string;
  serial: number;
  own: number;
  at?: string;
  since?: string;
  trouble?: string;
};

function Stand({ name, serial, own, at, since, trouble }: Standing) {
  if (!at)
    return (
      <Badge icon="hour" colour="ochre">
        {t('ui.resolvers.never')}
      </Badge>
    );
  const n = behind(serial, own);
  if (n === 0 || n > 0x7fff_ffff)
    return (
      <Badge icon="pass" colour="jade">
        {t('ui.resolvers.fine')}
      </Badge>
    );
  const ms = since ? now.value - Date.parse(since) : watched(name, own);
  const isLong = ms > LATE_MS;
  const isLate = isLong || !!trouble;
  return (
    <Badge icon={isLate ? 'warn' : 'hour'} colour={isLate ? 'cinnabar' : 'ochre'}>
      {isLong
        ? t('ui.resolvers.behind_long', { n, span: saySpan(spanOf(ms)) })
        : t('ui.resolvers.behind', { n })}
    </Badge>
  );
}

function Trouble({ text, at }: { text: string | undefined; at: string | undefined }) {
  if (!text) return <span class="quiet">—</span>;
  return (
    <span class="ochre-text">
      {text} {at && <When at={at} />}
    </span>
  );
}

function Room(props: { name: string; columns: string[]; children: ComponentChildren }) {
  return (
    <>
      <h2>{props.name}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable by keyboard */}
      <div role="group" class="card table-room" tabIndex={0} aria-label={props.name}>
        <table>
          <thead>
            <tr>
              {props.columns.map((c) => (
                <th key={c}>{t(`ui.resolvers.${c}`)}</th>
              ))}
            </tr>
          </thead>
          <tbody>{props.children}</tbody>
        </table>
      </div>
    </>
  );
}

function standing(
  name: string,
  serial: number,
  item: Secondary | ZoneFile,
  at: string | undefined,
): Standing {
  return {
    name,
    serial,
    own: item.serial,
    ...(at && { at }),
    ...(item.behind_since && { since: item.behind_since }),
    ...(item.trouble && { trouble: item.trouble }),
  };
}

function SecondaryRow({ item, serial }: { item: Secondary; serial: number }) {
  return (
    <tr>
      <td>
        <code>{item.address}</code>
      </td>
      <td class="nowrap">
        <Stand {...standing(item.address, serial, item, item.served_at)} />
      </td>
      <td class="nowrap">{item.served_at ? item.serial : '—'}</td>
      <td class="nowrap">
        <When at={item.served_at} />
      </td>
      <td class="nowrap">
        <When at={item.acknowledged_at} />
      </td>
      <td class="nowrap">
        {t(item.signed ? 'ui.resolvers.is_signed' : 'ui.resolvers.not_signed')}
      </td>
      <td>
        <Trouble text={item.trouble} at={item.trouble_at} />
      </td>
    </tr>
  );
}

function FileRow({ item, serial }: { item: ZoneFile; serial: number }) {
  return (
    <tr>
      <td>
        <code>{item.path}</code>
      </td>
      <td class="nowrap">
        <Stand {...standing(item.path, serial, item, item.written_at)} />
      </td>
      <td class="nowrap">{item.written_at ? item.serial : '—'}</td>
      <td class="nowrap">
        <When at={item.written_at} />
      </td>
      <td>
        <Trouble text={item.trouble} at={item.trouble_at} />
      </td>
    </tr>
  );
}

function Tables({ data }: { data: Resolvers }) {
  const files = data.files ?? [];
  if (!data.items.length && !files.length)
    return (
      <Empty icon="resolver" title={t('ui.resolvers.empty')}>
        <p>{t('ui.resolvers.empty_text')}</p>
      </Empty>
    );
  return (
    <>
      {data.items.length > 0 && (
        <Room
          name={t('ui.resolvers.secondaries')}
          columns={['address', 'state', 'has', 'served', 'acknowledged', 'signed', 'trouble']}
        >
          {data.items.map((r) => (
            <SecondaryRow key={r.address} item={r} serial={data.serial} />
          ))}
        </Room>
      )}
      {files.length > 0 && (
        <Room
          name={t('ui.resolvers.files')}
          columns={['file', 'state', 'has', 'written', 'trouble']}
        >
          {files.map((f) => (
            <FileRow key={f.path} item={f} serial={data.serial} />
          ))}
        </Room>
      )}
    </>
  );
}

export function ResolversPage() {
  useTitle(t('ui.nav.resolvers'));
  const { data, problem, isLoading, reload } = useLoad<Resolvers>('/v1/resolvers', (signal) =>
    get('/v1/resolvers', { signal }),
  );
  /* The next question five seconds after the last answer; none while nobody looks. */
  const seen = useRef(0);
  if (!isLoading && !problem) seen.current = answeredAt();
  useEffect(() => {
    if (isLoading) return undefined;
    const timer = setTimeout(() => {
      if (!document.hidden) reload();
    }, EVERY_MS);
    const wake = () => !document.hidden && reload();
    document.addEventListener('visibilitychange', wake);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', wake);
    };
  }, [isLoading]);
  return (
    <div class="column broad">
      <header class="page-head">
        <div>
          <h1>{t('ui.nav.resolvers')}</h1>
          <p class="quiet">{t('ui.resolvers.what')}</p>
        </div>
      </header>
      {!data ? (
        problem ? (
          <Broken problem={problem} again={reload} works={t('ui.resolvers.broken')} />
        ) : (
          <Waiting what={t('ui.slow.resolvers')} />
        )
      ) : (
        <>
          {problem && (
            <p class="note ochre" role="status">
              <Icon name="off" size={18} />
              <span>{t('ui.resolvers.stale', { why: problem.detail })}</span>
            </p>
          )}
          <p>
            {t('ui.resolvers.serial')} <strong class="mono">{data.serial}</strong>{' '}
            <span class="quiet">
              {t('ui.resolvers.at', { when: sayExact(seen.current).slice(11, 19) })}
            </span>
          </p>
          <Tables data={data} />
        </>
      )}
    </div>
  );
}

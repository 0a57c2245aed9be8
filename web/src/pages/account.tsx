/* SPDX-License-Identifier: Apache-2.0 */
/*
 * account - one account of an incident: what is known of it, what of the money is there, every
 * transfer with the part that is the victims'. Reading it is recorded; the incident is the purpose.
 */
import { useState } from 'preact/hooks';
import { get, search } from '../base/api.ts';
import { count, group, money } from '../base/format.ts';
import { useGrowing, useKeys, useLoad, useNarrow, useTitle } from '../base/hooks.ts';
import { accountPageOf, methodOf, pageOf, trailQuery } from '../base/incidents.ts';
import type { ListingDetail, Page } from '../base/model.ts';
import { useProfile, wordOf } from '../base/profile.ts';
import { go, query, segments } from '../base/router.ts';
import type { AccountPage as Account, Transfer } from '../base/trail.ts';
import { t, term } from '../base/words.ts';
import { ActionBadge, Badge, Copy, Fact, Facts, StateBadge, When } from '../parts/bits.tsx';
import { FATES, layerName } from '../parts/flow.tsx';
import { Icon } from '../parts/icon.tsx';
import { VirtualList } from '../parts/list.tsx';
import { Broken, Empty, Waiting } from '../parts/states.tsx';
import { FateSum, Patterns } from '../parts/trail-bits.tsx';

const PAGE = 100;
const NARROW = 700;

const KNOWN = ['bank', 'outlet', 'device', 'contact', 'address', 'ip', 'company'] as const;

function Known({ data }: { data: Account }) {
  return (
    <Facts>
      {data.holder_kind && (
        <Fact name={t('ui.account.holder_kind')}>{term('holder_kind', data.holder_kind)}</Fact>
      )}
      {data.opened && (
        <Fact name={t('ui.account.opened')}>
          <When at={data.opened} />
        </Fact>
      )}
      {KNOWN.filter((k) => data[k]).map((k) => (
        <Fact key={k} name={t(`ui.account.${k}`)}>
          {k === 'device' ? <code>{group('device', data[k] as string)}</code> : data[k]}
        </Fact>
      ))}
    </Facts>
  );
}

/* What of the stolen money is here, by the method asked for. */
function Money({ data, currency }: { data: Account; currency: string }) {
  const { node } = data;
  if (!node) return <p class="quiet">{t('ui.account.not_on_trail')}</p>;
  return (
    <>
      <Patterns />
      <Facts>
        <Fact name={t('ui.trail.layer_head')}>{layerName(node.layer)}</Fact>
        <Fact name={t('ui.trail.received')}>{money(node.received, currency)}</Fact>
        {node.attributed !== undefined && (
          <Fact name={t('ui.trail.attributed')}>{money(node.attributed, currency)}</Fact>
        )}
        <Fact name={t('ui.trail.first')}>
          <When at={node.first} />
        </Fact>
        <Fact name={t('ui.trail.last')}>
          <When at={node.last} />
        </Fact>
      </Facts>
      <p class="fates">
        {FATES.filter((f) => node[f] !== undefined).map((f) => (
          <FateSum key={f} fate={f} sum={node[f] as number} currency={currency} />
        ))}
      </p>
      <p class="hint">{t(`ui.method_says.${methodOf(query('method'))}`)}</p>
    </>
  );
}

/* The listing in force on this account, and what it rests on. */
function Listed({ id }: { id: string }) {
  const profile = useProfile();
  const address = `/v1/listings/${encodeURIComponent(id)}`;
  const { data, problem } = useLoad<ListingDetail>(address, (signal) => get(address, { signal }));
  return (
    <section class="card">
      <h2>{t('ui.account.listing')}</h2>
      {data ? (
        <>
          <p class="badges">
            <ActionBadge action={data.action} />
            <StateBadge state={data.state} />
            <a href={`/lists?id=${encodeURIComponent(id)}`}>{t('ui.account.to_listing')}</a>
          </p>
          <Facts>
            <Fact name={t('ui.fact.reason')} wide>
              {wordOf(profile?.reasons, data.reason)}
            </Fact>
            {data.evidence && (
              <Fact name={t('ui.fact.evidence')} wide>
                <span class="prose">{data.evidence}</span>
              </Fact>
            )}
            <Fact name={t('ui.fact.until')}>
              <When at={data.until} />
            </Fact>
          </Facts>
        </>
      ) : (
        <p>
          <a href={`/lists?id=${encodeURIComponent(id)}`}>{t('ui.account.to_listing')}</a>
          {problem && <span class="quiet"> {problem.detail}</span>}
        </p>
      )}
    </section>
  );
}

function TransferRow({
  item,
  account,
  incident,
}: {
  item: Transfer;
  account: string;
  incident: string;
}) {
  const isNarrow = useNarrow(NARROW);
  const isIn = item.to === account;
  const other = isIn ? item.from : item.to;
  const facts = [
    item.status && term('transfer_status', item.status),
    item.exit && term('exit', item.exit),
    item.channel && term('channel', item.channel),
    item.seq !== undefined && t('ui.account.seq', { n: item.seq }),
    item.balance_after !== undefined &&
      t('ui.account.balance_after', { sum: money(item.balance_after, item.currency) }),
  ].filter(Boolean);
  const way = (
    <Badge icon={isIn ? 'enter' : 'leave'} colour="ink">
      {t(isIn ? 'ui.account.in' : 'ui.account.out')}
    </Badge>
  );
  const sum = <strong class="nowrap">{money(item.amount, item.currency)}</strong>;
  const part = item.attributed !== undefined && (
    <span class="attributed">
      {t('ui.account.part', { sum: money(item.attributed, item.currency) })}
    </span>
  );
  return (
    <div class="row transfer-row">
      {!isNarrow && way}
      <span class="row-body">
        <span class="row-line">
          {isNarrow && way}
          {item.on_trail ? (
            <a class="row-value" href={accountPageOf(incident, other, search(trailQuery(query)))}>
              <code>{group('account', other)}</code>
            </a>
          ) : (
            <code class="row-value">{group('account', other)}</code>
          )}
          {!isNarrow && sum}
        </span>
        <span class="row-line quiet">
          <When at={item.time} />
          <span class="row-note">{[...facts, item.transfer].join(' · ')}</span>
          {!isNarrow && part}
        </span>
        {isNarrow && (
          <span class="row-line">
            {sum}
            <span class="grow" />
            {part}
          </span>
        )}
      </span>
    </div>
  );
}

function Transfers(props: {
  rows: ReturnType<typeof useGrowing<Transfer>>['rows'];
  more: () => void;
  account: string;
  incident: string;
}) {
  const { rows } = props;
  const isNarrow = useNarrow(NARROW);
  return (
    <section class="card account-transfers">
      <h2>{t('ui.account.transfers', { n: count(rows.total) })}</h2>
      {rows.problem && (
        <Broken problem={rows.problem} again={props.more} works={t('ui.account.broken_more')} />
      )}
      {rows.items.length ? (
        <VirtualList
          key={String(isNarrow)}
          items={rows.items}
          keyOf={(i) => i.transfer}
          row={(i) => <TransferRow item={i} account={props.account} incident={props.incident} />}
          row_rem={isNarrow ? 6.25 : 4.25}
          total={rows.total}
          label={t('ui.trail.transfers')}
          onEnd={props.more}
        />
      ) : (
        !rows.problem && <Empty icon="search" title={t('ui.account.no_transfers')} />
      )}
    </section>
  );
}

export function AccountPage() {
  const [, incident = '', , account = ''] = segments.value;
  useTitle(`${t('ui.trail.account')} ${account}`);
  const address = `/v1/incidents/${encodeURIComponent(incident)}/accounts/${encodeURIComponent(account)}`;
  const asked = trailQuery(query);
  const [data, setData] = useState<Account | null>(null);
  const { rows, more, reload } = useGrowing<Transfer>(
    address + search(asked),
    async (cursor, signal): Promise<Page<Transfer>> => {
      const page = await get<Account>(`${address}${search({ ...asked, limit: PAGE, cursor })}`, {
        signal,
      });
      if (!cursor) setData(page);
      return page.transfers;
    },
    (i) => i.transfer,
  );
  /* Back to the trail as it was, standing on this account. */
  const back =
    pageOf(incident) + search({ ...asked, at: data?.node ? `${data.node.layer}:${account}` : '' });
  useKeys({ Escape: () => go(back) });
  if (!data)
    return rows.problem ? (
      <Broken problem={rows.problem} again={reload} works={t('ui.account.broken')} />
    ) : (
      <Waiting what={t('ui.slow.account')} />
    );
  const currency = rows.items[0]?.currency ?? 'CNY';
  return (
    <div class="column broad account">
      <header class="page-head" data-copied>
        <div>
          <a class="button ghost small back" href={back}>
            <Icon name="back" size={18} />
            {t('ui.account.back', { incident })}
          </a>
          <h1>
            {t('ui.trail.account')}{' '}
            <code data-text>{data.display || group('account', account)}</code>
          </h1>
          <p class="badges">
            {data.bank && <span class="quiet">{data.bank}</span>}
            <Copy text={account} label={t('ui.copy')} />
          </p>
        </div>
      </header>
      <p class="note">
        <Icon name="ledger" size={18} />
        <span>{t('ui.account.recorded', { incident })}</span>
      </p>
      <div class="pair">
        <section class="card">
          <h2>{t('ui.account.money')}</h2>
          <Money data={data} currency={currency} />
        </section>
        <section class="card">
          <h2>{t('ui.account.known')}</h2>
          <Known data={data} />
        </section>
      </div>
      {data.listing && <Listed id={data.listing} />}
      <Transfers rows={rows} more={more} account={account} incident={incident} />
    </div>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
/* conflict - one of them, both sides shown: whose list says it, and what speaks against it. */
import { get } from '../base/api.ts';
import { group } from '../base/format.ts';
import { useLoad } from '../base/hooks.ts';
import type { Conflict, ListingDetail } from '../base/model.ts';
import { useProfile, wordOf } from '../base/profile.ts';
import { withQuery } from '../base/router.ts';
import { t, term } from '../base/words.ts';
import {
  ActionBadge,
  Badge,
  type Colour,
  Copy,
  Fact,
  Facts,
  KindIcon,
  StateBadge,
  When,
} from '../parts/bits.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Broken } from '../parts/states.tsx';

const STATE_LOOK: Record<Conflict['state'], [IconName, Colour]> = {
  open: ['hour', 'ochre'],
  dismissed: ['cross', 'ink'],
  listed: ['pass', 'jade'],
};

export function ConflictBadge({ state }: { state: Conflict['state'] }) {
  const [icon, colour] = STATE_LOOK[state];
  return (
    <Badge icon={icon} colour={colour}>
      {term('state', state)}
    </Badge>
  );
}

const RULE_ICON: Record<Conflict['rule'], IconName> = {
  protected: 'allow',
  below_protected: 'allow',
  lifted_before: 'lift',
  opposed: 'conflict',
  own_name: 'home',
};

export function RuleBadge({ rule }: { rule: Conflict['rule'] }) {
  return (
    <Badge icon={RULE_ICON[rule]} colour="ink">
      {term('rule', rule)}
    </Badge>
  );
}

function ListSide({ item }: { item: Conflict }) {
  const profile = useProfile();
  return (
    <section class="side" aria-labelledby="side-list">
      <h3 id="side-list">{t('ui.conflicts.side_list')}</h3>
      <p class="badges">
        <strong>
          <a href={`/sources?id=${encodeURIComponent(item.source)}`}>{item.source}</a>
        </strong>
        <ActionBadge action={item.action} />
      </p>
      <p class="prose">{item.origin}</p>
      <Facts>
        <Fact name={t('ui.fact.reason')}>{wordOf(profile?.reasons, item.reason)}</Fact>
        <Fact name={t('ui.conflicts.found')}>
          <When at={item.found_at} />
        </Fact>
        <Fact name={t('ui.fact.batch')} wide>
          <a href={`/feeds?batch=${encodeURIComponent(item.batch)}`}>
            <code>{item.batch}</code>
          </a>
        </Fact>
      </Facts>
    </section>
  );
}

const isId = (word: string) => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(word);

/* The listing it runs into: what it does, and what was done to it. */
function AgainstListing({ id }: { id: string }) {
  const address = `/v1/listings/${encodeURIComponent(id)}`;
  const { data, problem, reload } = useLoad<ListingDetail>(address, (signal) =>
    get(address, { signal }),
  );
  if (problem && !data) return <Broken problem={problem} again={reload} />;
  if (!data) return null;
  const last = data.history.at(-1);
  return (
    <>
      <p class="badges">
        <strong>
          <a href={`/lists?id=${encodeURIComponent(id)}`}>
            <code>{data.display}</code>
          </a>
        </strong>
        <ActionBadge action={data.action} />
        <StateBadge state={data.state} />
      </p>
      <Facts>
        <Fact name={t('ui.fact.source')}>{data.source}</Fact>
        {last && (
          <Fact name={term('deed', last.act)}>
            {last.actor} · <When at={last.at} />
          </Fact>
        )}
        {data.ended_why && (
          <Fact name={t('ui.fact.ended_why')} wide>
            {data.ended_why}
          </Fact>
        )}
      </Facts>
    </>
  );
}

function AgainstSide({ item }: { item: Conflict }) {
  const against = item.against ?? '';
  return (
    <section class="side against" aria-labelledby="side-against">
      <h3 id="side-against">{t('ui.conflicts.side_against')}</h3>
      <p class="badges">
        <RuleBadge rule={item.rule} />
      </p>
      <p>{t(`ui.rule_text.${item.rule}`)}</p>
      {isId(against) ? (
        <AgainstListing id={against} />
      ) : (
        against && (
          <Facts>
            <Fact name={t('ui.fact.source')}>
              <a href={`/sources?id=${encodeURIComponent(against)}`}>{against}</a>
            </Fact>
          </Facts>
        )
      )}
    </section>
  );
}

export function BothSides({ item }: { item: Conflict }) {
  return (
    <>
      <header class="detail-head" data-copied>
        <a class="button ghost small only-narrow" href={withQuery({ id: '' })}>
          <Icon name="back" size={18} />
          {t('ui.nav.conflicts')}
        </a>
        <p class="detail-kind quiet">
          <KindIcon kind={item.kind} size={18} />
          <span aria-hidden="true">{term('kind', item.kind)}</span>
        </p>
        <h2>
          <code data-text>{group(item.kind, item.value)}</code>
        </h2>
        <p class="badges">
          <ConflictBadge state={item.state} />
          <Copy text={item.value} label={t('ui.copy')} />
          <a href={`/lists?q=${encodeURIComponent(item.value)}`}>{t('ui.nav.lists')}</a>
        </p>
      </header>
      <div class="sides">
        <ListSide item={item} />
        <AgainstSide item={item} />
      </div>
      {item.decider && (
        <Facts>
          <Fact name={t('ui.conflicts.decided')}>
            {item.decider} · <When at={item.decided_at} />
          </Fact>
          {item.listing && (
            <Fact name={t('ui.conflicts.proposed_as')}>
              <a href={`/lists?id=${encodeURIComponent(item.listing)}`}>
                <code>{item.listing}</code>
              </a>
            </Fact>
          )}
          <Fact name={t('ui.fact.reason')} wide>
            {item.decided_why}
          </Fact>
        </Facts>
      )}
    </>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
/* act-panel - one act on one listing. */
import { post } from '../base/api.ts';
import type { Listing } from '../base/model.ts';
import { t, term } from '../base/words.ts';
import { Ask } from '../parts/ask.tsx';
import { When } from '../parts/bits.tsx';

export type Act = 'approve' | 'refuse' | 'lift';

const REASONS: Record<Act, string[]> = {
  approve: [],
  refuse: ['evidence', 'basis', 'duplicate', 'wrong'],
  lift: ['mistake', 'changed', 'source', 'court'],
};

function Effect({ act, item }: { act: Act; item: Listing }) {
  return (
    <>
      {t(`ui.act.${act}.effect`, { value: item.display, action: term('action', item.action) })}
      {act === 'approve' && (
        <>
          {' '}
          {t('ui.act.approve.until')} <When at={item.until} />
          {t('ui.stop')}
        </>
      )}
    </>
  );
}

export function ActPanel(props: {
  act: Act;
  item: Listing;
  done: (item: Listing) => void;
  close: () => void;
}) {
  const { act, item } = props;
  const address = `/v1/listings/${encodeURIComponent(item.listing)}/${act}`;
  const question = {
    draft: `${act}.${item.listing}`,
    label: t(`ui.act.${act}`),
    effect: <Effect act={act} item={item} />,
    confirm: t(`ui.act.${act}.confirm`),
    ...(act !== 'approve' && { why: t(`ui.act.${act}.why`) }),
    reasons: REASONS[act].map((r) => t(`ui.act.${act}.${r}`)),
    send: (body: { why?: string }, key: string) => post<Listing>(address, body, { key }),
  };
  return <Ask question={question} done={props.done} close={props.close} />;
}

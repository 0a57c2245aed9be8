/* SPDX-License-Identifier: Apache-2.0 */
/* stack - the same picture where there is little width: the layers below one another, bars lying. */
import { useState } from 'preact/hooks';
import type { Picture, Place } from '../base/flow.ts';
import { count, money } from '../base/format.ts';
import type { Stop } from '../base/trail.ts';
import { t } from '../base/words.ts';
import { FATES, layerName, sayStop } from './flow.tsx';
import { Icon } from './icon.tsx';
import { FateSum } from './trail-bits.tsx';

const WIDE = 320;
const STEP = 100;

type StackProps = {
  picture: Picture;
  currency: string;
  hrefOf: (stop: Stop) => string;
  found: ReadonlySet<string>;
};

/* Length is money, on one scale for the whole trail. */
function Lying({ stop, most }: { stop: Stop; most: number }) {
  const scale = WIDE / most;
  const passed = stop.weight - (stop.present ?? 0) - (stop.exited ?? 0) - (stop.unknown ?? 0);
  let x = Math.max(0, passed) * scale;
  return (
    <svg
      class="stack-bar"
      viewBox={`0 0 ${WIDE} 12`}
      preserveAspectRatio="none"
      width="100%"
      height="12"
      aria-hidden="true"
    >
      <rect class="flow-bar" width={Math.max(2, stop.weight * scale)} height="12" />
      {FATES.map((f) => {
        const money_here =
          f === 'present' ? (stop.present ?? 0) - (stop.held ?? 0) : (stop[f] ?? 0);
        if (money_here <= 0) return null;
        const at = x;
        x += money_here * scale;
        return (
          <rect
            key={f}
            class={`flow-seg ${f}`}
            x={at}
            width={money_here * scale}
            height="12"
            fill={`url(#flow-${f})`}
          />
        );
      })}
    </svg>
  );
}

function Item(props: StackProps & { stop: Stop; most: number }) {
  const { stop, picture, currency } = props;
  const fates = FATES.filter((f) => stop[f]);
  return (
    <li>
      <a
        class={props.found.has(stop.key) ? 'stack-row found' : 'stack-row'}
        href={props.hrefOf(stop)}
        aria-label={sayStop(stop, picture, currency)}
      >
        <span class="row-line">
          <code class="row-value">{stop.name}</code>
          {stop.doubts.length > 0 && <Icon name="warn" size={16} />}
          <strong>{money(stop.weight, currency)}</strong>
        </span>
        <Lying stop={stop} most={props.most} />
        {fates.length > 0 && (
          <span class="fates">
            {fates.map((f) => (
              <FateSum key={f} fate={f} sum={stop[f] as number} currency={currency} />
            ))}
          </span>
        )}
      </a>
    </li>
  );
}

function Layer(props: StackProps & { places: Place[]; layer: number; sum: number; most: number }) {
  const all = props.places.flatMap((p) => (p.stop ? [p.stop] : p.rest));
  const [shown, setShown] = useState(props.places.filter((p) => p.stop).length);
  const rest = all.slice(shown);
  return (
    <section class="stack-layer">
      <h2>
        {layerName(props.layer)}{' '}
        <span class="quiet">
          {t('ui.trail.accounts', { n: count(all.length) })} · {money(props.sum, props.currency)}
        </span>
      </h2>
      <ul class="plain">
        {all.slice(0, shown).map((stop) => (
          <Item key={stop.key} {...props} stop={stop} />
        ))}
      </ul>
      {rest.length > 0 && (
        <button type="button" class="button" onClick={() => setShown(shown + STEP)}>
          <Icon name="down" size={16} />
          {t('ui.trail.rest', { n: count(rest.length) })}
          {t('ui.comma')}
          {money(
            rest.reduce((n, s) => n + s.weight, 0),
            props.currency,
          )}
        </button>
      )}
    </section>
  );
}

export function Stack(props: StackProps) {
  const most = Math.max(
    1,
    ...props.picture.columns.flatMap((c) => c.places.map((p) => p.stop?.weight ?? 0)),
  );
  return (
    <section class="stack" aria-label={t('ui.trail.picture_label')}>
      {props.picture.columns.map((c) => (
        <Layer
          key={c.layer}
          {...props}
          places={c.places}
          layer={c.layer}
          sum={c.weight}
          most={most}
        />
      ))}
    </section>
  );
}

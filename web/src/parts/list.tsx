/* SPDX-License-Identifier: Apache-2.0 */
/* list - a list that draws only what is seen, however many rows there are. */
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

type Props<T> = {
  items: readonly T[];
  keyOf: (item: T) => string;
  row: (item: T, index: number) => ComponentChildren;
  row_rem: number;
  total: number;
  label: string;
  selected?: number;
  /* Called when the end comes near. */
  onEnd?: () => void;
  toTop?: number;
};

export const rootPx = () =>
  Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

export function VirtualList<T>(props: Props<T>) {
  const pane = useRef<HTMLDivElement>(null);
  const [, redraw] = useState(0);
  const made = useRef<Virtualizer<HTMLDivElement, Element> | null>(null);
  const row_px = props.row_rem * rootPx();
  const options = {
    count: props.items.length,
    getScrollElement: () => pane.current,
    estimateSize: () => row_px,
    overscan: 8,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => redraw((n) => n + 1),
  };
  made.current ??= new Virtualizer(options);
  const virtual = made.current;
  virtual.setOptions(options);

  useLayoutEffect(() => virtual._didMount(), []);
  useLayoutEffect(() => virtual._willUpdate());
  useEffect(() => {
    if (props.selected !== undefined && props.selected >= 0) virtual.scrollToIndex(props.selected);
  }, [props.selected]);
  useEffect(() => {
    if (props.toTop) virtual.scrollToOffset(0);
  }, [props.toTop]);

  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= props.items.length - 10) props.onEnd?.();
  }, [last, props.items.length]);

  return (
    <div class="pane" ref={pane}>
      <ul class="rows" aria-label={props.label} style={{ height: `${virtual.getTotalSize()}px` }}>
        {shown.map((place) => {
          const item = props.items[place.index];
          if (item === undefined) return null;
          return (
            <li
              key={props.keyOf(item)}
              aria-setsize={props.total}
              aria-posinset={place.index + 1}
              style={{ height: `${row_px}px`, transform: `translateY(${place.start}px)` }}
            >
              {props.row(item, place.index)}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * virtual-table - a real table of any length that draws only the rows that are seen: those above
 * and below are one empty row each, and every row says which of all it is.
 */
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { rootPx } from './list.tsx';

export type TableColumn<T> = {
  name: string;
  label: string;
  isNum?: boolean;
  rem?: number;
  sortable?: boolean;
  cell: (item: T) => ComponentChildren;
};

type Props<T> = {
  columns: TableColumn<T>[];
  items: readonly T[];
  keyOf: (item: T) => string;
  row_rem: number;
  label: string;
  sorted?: { name: string; isDown: boolean };
  sort?: (name: string) => void;
};

function HeadCell<T>({ column, props }: { column: TableColumn<T>; props: Props<T> }) {
  const { sorted, sort } = props;
  const isOn = sorted?.name === column.name;
  return (
    <th
      scope="col"
      class={column.isNum ? 'num' : undefined}
      style={column.rem ? { width: `${column.rem}rem` } : undefined}
      aria-sort={isOn ? (sorted.isDown ? 'descending' : 'ascending') : undefined}
    >
      {column.sortable && sort ? (
        <button type="button" class="sort" onClick={() => sort(column.name)}>
          {column.label}
          {isOn && <Icon name={sorted.isDown ? 'down' : 'up'} size={14} />}
        </button>
      ) : (
        column.label
      )}
    </th>
  );
}

export function VirtualTable<T>(props: Props<T>) {
  const pane = useRef<HTMLDivElement>(null);
  const [, redraw] = useState(0);
  const made = useRef<Virtualizer<HTMLDivElement, Element> | null>(null);
  const row_px = props.row_rem * rootPx();
  const options = {
    count: props.items.length,
    getScrollElement: () => pane.current,
    estimateSize: () => row_px,
    overscan: 10,
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
  useEffect(() => virtual.measure(), [row_px]);

  const shown = virtual.getVirtualItems();
  const above = shown[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0);
  const empty = (px: number) =>
    px > 0 && (
      /* biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row takes no focus */
      <tr aria-hidden="true" class="gap">
        <td colSpan={props.columns.length} style={{ height: `${px}px` }} />
      </tr>
    );
  return (
    <div class="pane table-pane" ref={pane}>
      <table class="virtual" aria-label={props.label} aria-rowcount={props.items.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {props.columns.map((c) => (
              <HeadCell key={c.name} column={c} props={props} />
            ))}
          </tr>
        </thead>
        <tbody>
          {empty(above)}
          {shown.map((place) => {
            const item = props.items[place.index];
            if (item === undefined) return null;
            return (
              <tr
                key={props.keyOf(item)}
                aria-rowindex={place.index + 2}
                style={{ height: `${row_px}px` }}
              >
                {props.columns.map((c) => (
                  <td key={c.name} class={c.isNum ? 'num' : undefined}>
                    {c.cell(item)}
                  </td>
                ))}
              </tr>
            );
          })}
          {empty(below)}
        </tbody>
      </table>
    </div>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
/* chart - few numbers over time, from zero, each end labelled; the table beside it holds the rest. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { count } from '../base/format.ts';

const HIGH = 140;
const TOP = 20;
const FOOT = 22;

/* Text keeps its size: the drawing is as wide as there is room, in pixels. */
export function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const at = box.current;
    if (!at) return undefined;
    const watch = new ResizeObserver(() => setWidth(Math.floor(at.clientWidth)));
    watch.observe(at);
    return () => watch.disconnect();
  }, []);
  return { box, width };
}

export type Point = { at: number; value: number; label: string };

function Foot(props: { y: number; from: string; to: string; width: number }) {
  return (
    <>
      <text x={0} y={props.y + 16}>
        {props.from}
      </text>
      {props.to !== props.from && (
        <text x={props.width} y={props.y + 16} text-anchor="end">
          {props.to}
        </text>
      )}
    </>
  );
}

/* A size that holds from one moment to the next: steps. */
export function Steps({ points, say }: { points: Point[]; say: string }) {
  const { box, width } = useWidth();
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return null;
  const most = Math.max(1, ...points.map((p) => p.value));
  const top = points.find((p) => p.value === most);
  const label = count(last.value);
  const room = Math.max(40, width - 8 * label.length - 16);
  const span = Math.max(1, last.at - first.at);
  const base = HIGH - FOOT;
  const x = (at: number) => 4 + ((at - first.at) / span) * (room - 8);
  const y = (value: number) => base - (value / most) * (base - TOP);
  const line = points
    .map((p, i) => (i ? `H${x(p.at).toFixed(1)}V${y(p.value).toFixed(1)}` : `M4 ${y(p.value)}`))
    .join('');
  return (
    <div class="chart" ref={box}>
      {width > 0 && (
        <svg width={width} height={HIGH} role="img" aria-label={say}>
          <path class="chart-base" d={`M0 ${base}H${room}`} />
          <path class="chart-line" d={line} />
          {points.map((p) => (
            <circle key={p.at} class="chart-dot" cx={x(p.at)} cy={y(p.value)} r={3}>
              <title>{`${p.label}: ${count(p.value)}`}</title>
            </circle>
          ))}
          <text class="chart-n" x={x(last.at) + 8} y={y(last.value) + 4}>
            {label}
          </text>
          {top && top.value !== last.value && (
            <text class="chart-n" x={x(top.at)} y={y(top.value) - 8}>
              {count(top.value)}
            </text>
          )}
          <Foot y={base} from={first.label} to={last.label} width={room} />
        </svg>
      )}
    </div>
  );
}

/* A label keeps inside the drawing. */
const within = (x: number, width: number) => Math.max(26, Math.min(width - 26, x));

/* Counts of equal spans of time: bars. */
export function Bars({ points, say }: { points: Point[]; say: string }) {
  const { box, width } = useWidth();
  const most = Math.max(1, ...points.map((p) => p.value));
  const base = HIGH - FOOT;
  const step = width / Math.max(1, points.length);
  const wide = Math.min(48, step * 0.7);
  return (
    <div class="chart" ref={box}>
      {width > 0 && (
        <svg width={width} height={HIGH} role="img" aria-label={say}>
          <path class="chart-base" d={`M0 ${base}H${width}`} />
          {points.map((p, i) => {
            const high = (p.value / most) * (base - TOP);
            const x = i * step + (step - wide) / 2;
            return (
              <g key={p.label}>
                <rect class="chart-bar" x={x} y={base - high} width={wide} height={high} />
                {p.value > 0 && (
                  <text class="chart-n" x={x + wide / 2} y={base - high - 6} text-anchor="middle">
                    {count(p.value)}
                  </text>
                )}
                {(step > 56 || (points.length - 1 - i) % 3 === 0) && (
                  <text x={within(x + wide / 2, width)} y={base + 16} text-anchor="middle">
                    {p.label}
                  </text>
                )}
              </g>
            );
          })}
        </svg>
      )}
    </div>
  );
}

export type Stack = { label: string; lower: number; upper: number; say: string };

/* Two counts of each day, one upon the other: filled, and outlined. The highest is labelled. */
export function Stacks({ stacks, say }: { stacks: Stack[]; say: string }) {
  const { box, width } = useWidth();
  const first = stacks[0];
  const last = stacks.at(-1);
  if (!first || !last) return null;
  const most = Math.max(1, ...stacks.map((s) => s.lower + s.upper));
  const top = stacks.findIndex((s) => s.lower + s.upper === most);
  const base = HIGH - FOOT;
  const step = width / stacks.length;
  const wide = Math.max(1, Math.min(32, step * 0.7));
  const high = (n: number) => (n / most) * (base - TOP);
  const x = (i: number) => i * step + (step - wide) / 2;
  return (
    <div class="chart" ref={box}>
      {width > 0 && (
        <svg width={width} height={HIGH} role="img" aria-label={say}>
          <path class="chart-base" d={`M0 ${base}H${width}`} />
          {stacks.map((s, i) => (
            <g key={s.label}>
              <title>{s.say}</title>
              <rect
                class="chart-lower"
                x={x(i)}
                y={base - high(s.lower)}
                width={wide}
                height={high(s.lower)}
              />
              <rect
                class="chart-upper"
                x={x(i)}
                y={base - high(s.lower + s.upper)}
                width={wide}
                height={high(s.upper)}
              />
            </g>
          ))}
          {top >= 0 && (
            <text
              class="chart-n"
              x={within(x(top) + wide / 2, width)}
              y={TOP - 6}
              text-anchor="middle"
            >
              {count(most)}
            </text>
          )}
          <Foot y={base} from={first.label} to={last.label} width={width} />
        </svg>
      )}
    </div>
  );
}

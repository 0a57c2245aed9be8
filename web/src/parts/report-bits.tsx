/* SPDX-License-Identifier: Apache-2.0 */
/* report-bits - what a report is at. */
import type { ReportState } from '../base/reports.ts';
import { term } from '../base/words.ts';
import { Badge, type Colour } from './bits.tsx';
import type { IconName } from './icon.tsx';

const LOOK: Record<ReportState, [IconName, Colour]> = {
  filed: ['hour', 'ochre'],
  taken: ['tick', 'jade'],
  refused: ['cross', 'ink'],
  withdrawn: ['back', 'ink'],
};

export function ReportBadge({ state }: { state: ReportState }) {
  const [icon, colour] = LOOK[state];
  return (
    <Badge icon={icon} colour={colour}>
      {term('report_state', state)}
    </Badge>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
/* money-sent - the only minutes that count: what to do when money has already left. */
import { t } from '../base/words.ts';
import { Icon } from './icon.tsx';

export function MoneySent() {
  return (
    <section class="money-sent" aria-labelledby="money-sent">
      <h2 id="money-sent">{t('ui.money.title')}</h2>
      <p>{t('ui.money.now')}</p>
      <p class="calls">
        <a class="button" href="tel:110">
          <Icon name="number" />
          110
        </a>
        <a class="button" href="tel:96110">
          <Icon name="number" />
          96110
        </a>
      </p>
      <ol>
        <li>{t('ui.money.step1')}</li>
        <li>{t('ui.money.step2')}</li>
        <li>{t('ui.money.step3')}</li>
      </ol>
    </section>
  );
}

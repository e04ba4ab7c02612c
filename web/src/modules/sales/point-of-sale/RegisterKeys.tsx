import { tillText } from '@/messages';
import { type Basket, isGiftCard } from './basket';
import classes from './register.module.css';
import type { RegisterCommand } from './scan';

/** The keys of the register as buttons: for fingers, and to learn the keys from. */
export function RegisterKeys({
  basket,
  parked,
  sending,
  hasCash,
  run,
}: {
  basket: Basket;
  parked: number;
  sending: boolean;
  hasCash: boolean;
  run: (command: RegisterCommand) => void;
}) {
  const text = tillText.keys;
  const selling = basket.lines.length > 0 && basket.phase !== 'posted';
  const line = selling ? basket.lines.find((item) => item.lineId === basket.selected) : undefined;
  const key = (command: RegisterCommand, label: string, shortcut: string, enabled: boolean, primary = false) => (
    <button
      type="button"
      className={classes.key}
      data-primary={primary}
      disabled={!enabled || sending}
      onClick={() => run(command)}
      aria-keyshortcuts={shortcut}
    >
      {label} <kbd>{shortcut}</kbd>
    </button>
  );
  if (basket.phase === 'tendering')
    return (
      <section className={classes.keys} aria-label={tillText.tender.title}>
        {key('back', text.back, 'Esc', true)}
        {key('exact', text.exact, 'F9', hasCash)}
        {key('finish', text.finish, 'F10', basket.tenders.length > 0 || basket.attempt !== undefined, true)}
      </section>
    );
  return (
    <section className={classes.keys} aria-label={tillText.title}>
      {key('quantity', text.quantity, '*', line !== undefined && !isGiftCard(line))}
      {key('discount', text.discount, '%', selling)}
      {key('customer', text.customer, 'F2', true)}
      {key('gift-card', text.giftCard, 'F3', true)}
      {key('park', selling ? text.park : `${text.parked}${parked > 0 ? ` (${parked})` : ''}`, 'F4', true)}
      {key('price', text.price, 'F6', line !== undefined)}
      {key('exact', text.exact, 'F9', selling && hasCash)}
      {key('pay', text.pay, 'F8', selling, true)}
    </section>
  );
}

import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Register, SalePreview } from '@/api';
import { tillText } from '@/messages';
import type { Basket, BasketAction } from '../basket';
import { CustomerForm } from './CustomerForm';
import { GiftCardForm } from './GiftCardForm';
import { IssueVoucherForm } from './IssueVoucherForm';
import { DiscountForm, OverrideForm, QuantityForm, TrackingForm } from './LineForms';
import { DrawerForm, MovementForm } from './MoneyForms';
import { ParkedList, ParkForm } from './ParkForms';
import { VoucherForm } from './VoucherForm';

export type TillDialog =
  | { kind: 'customer' | 'park' | 'parked' | 'movement' | 'drawer' | 'voucher' | 'issue-voucher' | 'clear' | 'approve' }
  | { kind: 'quantity' | 'override' | 'tracking'; lineId: string }
  | { kind: 'discount' | 'gift-card'; lineId?: string | undefined };

export interface TillDialogShape {
  register: Register;
  basket: Basket;
  preview: SalePreview | undefined;
  dispatch: (action: BasketAction) => void;
  onClose: () => void;
  refresh: () => void;
}

/** Whatever the cashier is asked, one at a time, over the register. */
export function TillDialogs({ dialog, ...shape }: TillDialogShape & { dialog: TillDialog | undefined }) {
  if (dialog === undefined || dialog.kind === 'clear' || dialog.kind === 'approve') return null;
  const line = 'lineId' in dialog ? shape.basket.lines.find((item) => item.lineId === dialog.lineId) : undefined;
  const text = tillText.dialogs;
  const [title, content]: [string, ReactNode] = (() => {
    switch (dialog.kind) {
      case 'customer':
        return [text.customer, <CustomerForm key="form" {...shape} />];
      case 'park':
        return [text.park, <ParkForm key="form" {...shape} />];
      case 'parked':
        return [text.parked, <ParkedList key="form" {...shape} />];
      case 'movement':
        return [tillText.movement.title, <MovementForm key="form" {...shape} />];
      case 'drawer':
        return [tillText.drawer.title, <DrawerForm key="form" {...shape} />];
      case 'voucher':
        return [tillText.voucher.title, <VoucherForm key="form" {...shape} />];
      case 'issue-voucher':
        return [tillText.issueVoucher.title, <IssueVoucherForm key="form" {...shape} />];
      case 'gift-card':
        return [tillText.giftCard.title, <GiftCardForm key="form" {...shape} line={line} />];
      case 'discount':
        return [line ? text.discountLine(line.name) : text.discountBasket, <DiscountForm key="form" {...shape} line={line} />];
      case 'quantity':
        return [text.quantityOf(line?.name ?? ''), line ? <QuantityForm key="form" {...shape} line={line} /> : null];
      case 'override':
        return [text.override(line?.name ?? ''), line ? <OverrideForm key="form" {...shape} line={line} /> : null];
      case 'tracking':
        return [
          line?.tracking === 'serial' ? text.serials(line.name) : text.lot(line?.name ?? ''),
          line ? <TrackingForm key="form" {...shape} line={line} /> : null,
        ];
    }
  })();
  return (
    <Modal opened onClose={shape.onClose} title={title} size="md" returnFocus={false}>
      {content}
    </Modal>
  );
}

import {
  IconAdjustments,
  IconBook2,
  IconBuildingStore,
  IconCalendarCheck,
  IconCalendarStats,
  IconCash,
  IconCashRegister,
  IconChartBar,
  IconClipboardList,
  IconCoins,
  IconDiscount2,
  IconFileInvoice,
  IconHeartHandshake,
  IconNotebook,
  IconPackages,
  IconPercentage,
  IconReceiptRefund,
  IconRepeat,
  IconRoute,
  IconTool,
  IconTruckDelivery,
  IconUsers,
  IconWriting,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';

type Icon = ComponentType<{ size?: number | string; stroke?: number; 'aria-hidden'?: boolean }>;

const byFunction: Record<string, Icon> = {
  'sales.point-of-sale': IconCashRegister,
  'sales.invoices': IconFileInvoice,
  'sales.quotations': IconWriting,
  'sales.orders': IconPackages,
  'sales.returns': IconReceiptRefund,
  'sales.promotions': IconDiscount2,
  'sales.channels': IconRoute,
  'sales.receivables': IconCoins,
  'sales.subscriptions': IconRepeat,
  'sales.commissions': IconPercentage,
  'books.journals': IconNotebook,
  'books.year-end': IconCalendarCheck,
};
const byModule: Record<string, Icon> = {
  sales: IconBuildingStore,
  customers: IconHeartHandshake,
  finance: IconCash,
  manufacturing: IconTool,
  services: IconCalendarStats,
  books: IconBook2,
};
const other: Icon[] = [IconClipboardList, IconChartBar, IconUsers, IconTruckDelivery, IconAdjustments];

export function moduleIcon(code: string): Icon {
  return byModule[code] ?? IconBuildingStore;
}

/** The icon of a function; one that has none of its own gets the same one each time, by its name. */
export function functionIcon(code: string): Icon {
  const sum = [...code].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  return byFunction[code] ?? other[sum % other.length]!;
}

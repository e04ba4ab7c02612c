import { Button, Group } from '@mantine/core';
import { IconCheck, IconPrinter } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { CheckoutResult } from '@/api';
import { formatMoney } from '@/kit/format';
import { documentPath } from '@/kit/paths';
import { tillText } from '@/messages';
import { groupedCode } from './giftCard';
import { printReceipt } from './printReceipt';
import classes from './register.module.css';

/** What is given back, large, until the next scan. */
export function PostedPanel({ result, currency }: { result: CheckoutResult; currency: string }) {
  const text = tillText.posted;
  const given = Number(result.change) !== 0;
  return (
    <div className={classes.posted} role="status">
      <span className={classes.postedIcon}>
        <IconCheck size={30} aria-hidden="true" />
      </span>
      <span className="dim">{given ? tillText.tender.changeDue : text.title}</span>
      <output className={classes.change} data-testid="change">
        {given ? formatMoney(result.change, { sign: true, currency }) : text.noChange}
      </output>
      <span>
        {text.receipt} <span className="strong num">{result.number}</span>
      </span>
      {result.vouchers?.length ? (
        <ul className={classes.giftCards} aria-label={tillText.giftCard.sold(result.vouchers.length)}>
          {result.vouchers.map((code) => (
            <li key={code}>
              <span className="dim">{tillText.giftCard.name}</span> <span className="mono strong">{groupedCode(code)}</span>
            </li>
          ))}
        </ul>
      ) : null}
      <Group justify="center" gap="sm" mt="sm">
        <Button variant="default" h={48} leftSection={<IconPrinter size={18} />} onClick={() => void printReceipt(result.id)}>
          {text.print}
        </Button>
        <Button component={Link} to={documentPath('sales.point-of-sale', result.id)} variant="subtle" color="gray" h={48}>
          {text.document}
        </Button>
      </Group>
      <span className="dim">{text.next}</span>
    </div>
  );
}

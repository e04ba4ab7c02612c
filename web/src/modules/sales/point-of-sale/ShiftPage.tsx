import { Button } from '@mantine/core';
import { Link } from 'react-router';
import type { Shift } from '@/api';
import { InstantText, MoneyText } from '@/kit/cells';
import { nameOf } from '@/kit/format';
import { Page } from '@/kit/Page';
import { StatusBadge } from '@/kit/StatusBadge';
import { tillText } from '@/messages';
import bodyClasses from '@/pages/DocumentPage.module.css';
import { ShiftPageFrame, shiftCrumbs, TenderTable, terminalCode } from './shiftParts';

const text = tillText.shift;

export function Component() {
  return <ShiftPageFrame title={text.number}>{(shift) => <ShiftView shift={shift} />}</ShiftPageFrame>;
}

function ShiftView({ shift }: { shift: Shift }) {
  const base = `/sales/point-of-sale/shifts/${shift.id}`;
  const open = shift.state !== 'closed';
  return (
    <Page
      title={`${text.number} ${shift.number}`}
      crumbs={shiftCrumbs()}
      mark={<StatusBadge status={shift.state} />}
      actions={
        <>
          <Button component={Link} to={`${base}/report?kind=${open ? 'x' : 'z'}`} variant="default">
            {open ? text.x : text.z}
          </Button>
          {open ? (
            <>
              <Button component={Link} to={`${base}/handover`} variant="default">
                {text.handover}
              </Button>
              <Button component={Link} to={`/sales/point-of-sale/register?terminal=${terminalCode(shift)}`} variant="default">
                {tillText.title}
              </Button>
              <Button component={Link} to={`${base}/close`}>
                {text.close}
              </Button>
            </>
          ) : null}
        </>
      }
    >
      <div className={bodyClasses.sections}>
        <section className="panel">
          <div className="panel-head">
            <h2>{text.number}</h2>
          </div>
          <dl className={bodyClasses.fields}>
            <dt>{text.terminal}</dt>
            <dd>{nameOf(shift.terminal)}</dd>
            <dt>{text.openedBy}</dt>
            <dd>{nameOf(shift.openedBy)}</dd>
            <dt>{text.openedAt}</dt>
            <dd>
              <InstantText value={shift.openedAt} />
            </dd>
            {shift.closedAt ? (
              <>
                <dt>{text.closedAt}</dt>
                <dd>
                  <InstantText value={shift.closedAt} />
                </dd>
              </>
            ) : null}
            {shift.float === undefined ? null : (
              <>
                <dt>{text.float}</dt>
                <dd>
                  <MoneyText value={shift.float} sign />
                </dd>
              </>
            )}
          </dl>
        </section>
        <section className="panel">
          <div className="panel-head">
            <h2>{text.tenders}</h2>
          </div>
          {shift.tenders?.some((tender) => tender.expected !== undefined || tender.counted !== undefined) ? (
            <TenderTable tenders={shift.tenders} />
          ) : (
            <p className="dim" style={{ padding: '0 1rem' }}>
              {text.hidden}
            </p>
          )}
        </section>
      </div>
    </Page>
  );
}

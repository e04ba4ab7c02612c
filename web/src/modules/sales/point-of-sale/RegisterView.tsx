import { Button, SegmentedControl } from '@mantine/core';
import { useIdle } from '@mantine/hooks';
import { IconUser, IconX } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react';
import { type CatalogueItem, type PaymentMethod, type Register, uuid7 } from '@/api';
import { add, multiply, sum } from '@/kit/decimal';
import { ConfirmDialog } from '@/kit/dialogs';
import { formatMoney, formatQuantity } from '@/kit/format';
import { remembered } from '@/kit/memory';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { tillText } from '@/messages';
import { ApprovalStep } from './ApprovalStep';
import { BasketList } from './BasketList';
import { type Basket, type BasketTender, emptyBasket, isGiftCard, rateOfPercent, reduceBasket, saleRequest } from './basket';
import { type TillDialog, TillDialogs } from './dialogs/TillDialogs';
import { ItemGrid } from './ItemGrid';
import { LockScreen } from './LockScreen';
import { PostedPanel } from './PostedPanel';
import { usePreview } from './preview';
import { RegisterKeys } from './RegisterKeys';
import classes from './register.module.css';
import { ScanField } from './ScanField';
import { commandOf, type RegisterCommand, type Scan } from './scan';
import { TenderPanel } from './TenderPanel';
import { TillTop } from './TillTop';
import { useCatalogue } from './useCatalogue';
import { useCheckout } from './useCheckout';

const lockAfterMs = 10 * 60_000;

/** Selling. The basket is the cashier's, every figure in it is the server's. */
export function RegisterView({ register, refresh }: { register: Register; refresh: () => void }) {
  const terminal = register.terminal.code;
  const client = useQueryClient();
  const store = useMemo(() => remembered<Basket>(`basket:${terminal}`), [terminal]);
  const [basket, dispatch] = useReducer(reduceBasket, undefined, () => store.read() ?? emptyBasket(uuid7()));
  const [dialog, setDialog] = useState<TillDialog>();
  const [view, setView] = useState<'basket' | 'items'>('basket');
  const scanField = useRef<HTMLInputElement>(null);
  const amountField = useRef<HTMLInputElement>(null);
  const taking = useRef(false);
  const catalogue = useCatalogue(terminal).data;

  const request = useMemo(
    () => (basket.lines.length === 0 || basket.phase === 'posted' ? undefined : saleRequest(basket, terminal)),
    [basket, terminal],
  );
  const preview = usePreview(request);
  const onPosted = useCallback(() => {
    store.write(undefined);
    void client.invalidateQueries({ queryKey: ['sales.point-of-sale'] });
  }, [store, client]);
  const checkout = useCheckout(basket, terminal, preview, dispatch, onPosted);
  const { lock, locked, unlock } = useLock();

  // A reload or a crash of the browser loses nothing: the basket and its last attempt are kept on this device.
  useEffect(() => {
    if (basket.phase !== 'posted') store.write(basket.lines.length === 0 ? undefined : basket);
  }, [basket, store]);

  const focusScan = useCallback(() => {
    requestAnimationFrame(() => {
      if (document.querySelector('[role="dialog"], [role="menu"]') === null) scanField.current?.focus({ preventScroll: true });
    });
  }, []);
  useEffect(() => {
    if (dialog === undefined && basket.phase !== 'tendering' && !locked) focusScan();
    if (dialog === undefined && basket.phase === 'tendering') requestAnimationFrame(() => amountField.current?.select());
  }, [dialog, basket.phase, locked, focusScan]);

  const onItem = useCallback(
    (item: CatalogueItem, quantity: string) => {
      const lineId = uuid7();
      dispatch({ type: 'add', item, quantity, lineId, newSaleId: uuid7() });
      checkout.dismiss();
      if (item.tracking === 'lot' || item.tracking === 'serial') setDialog({ kind: 'tracking', lineId });
    },
    [checkout.dismiss],
  );
  const line = basket.lines.find((item) => item.lineId === basket.selected);
  const onScan = (scan: Exclude<Scan, { kind: 'item' | 'nothing' }>) => {
    if (line === undefined) return;
    if (scan.kind === 'line-quantity') dispatch({ type: 'quantity', lineId: line.lineId, quantity: scan.quantity });
    else {
      const rate = rateOfPercent(scan.percent);
      dispatch(
        rate === undefined || Number(rate) === 0
          ? { type: 'line-discount', lineId: line.lineId }
          : { type: 'line-discount', lineId: line.lineId, rate },
      );
    }
  };

  const cash = register.methods.find((method) => method.type === 'cash');
  const run = (command: RegisterCommand) => {
    const selling = basket.phase !== 'posted' && basket.lines.length > 0;
    switch (command) {
      case 'customer':
        return setDialog({ kind: 'customer' });
      case 'park':
        return setDialog(selling ? { kind: 'park' } : { kind: 'parked' });
      case 'gift-card':
        return setDialog({ kind: 'gift-card' });
      case 'quantity':
        return line && selling && !isGiftCard(line) && setDialog({ kind: 'quantity', lineId: line.lineId });
      case 'discount':
        return selling && setDialog({ kind: 'discount', lineId: line && isGiftCard(line) ? undefined : line?.lineId });
      case 'price':
        return line && selling && setDialog({ kind: isGiftCard(line) ? 'gift-card' : 'override', lineId: line.lineId });
      case 'pay':
        return dispatch({ type: 'tender' });
      case 'exact': {
        if (!selling || cash === undefined || taking.current) return;
        const tender: BasketTender = { tenderId: uuid7(), method: cash.code };
        const tenders = [...basket.tenders.filter((item) => item.method !== cash.code), tender];
        for (const item of basket.tenders) if (item.method === cash.code) dispatch({ type: 'unpay', tenderId: item.tenderId });
        dispatch({ type: 'pay', tender });
        return void checkout.finish({ tenders });
      }
      case 'finish':
        if (!selling || taking.current) return;
        if (basket.phase === 'selling' && basket.tenders.length === 0 && basket.attempt === undefined) return dispatch({ type: 'tender' });
        return void checkout.finish();
      case 'back':
        if (checkout.state.step === 'failed') checkout.dismiss();
        else if (basket.phase === 'posted') dispatch({ type: 'clear', newSaleId: uuid7() });
        else dispatch({ type: 'back' });
        return focusScan();
      case 'up':
        return dispatch({ type: 'move', by: -1 });
      case 'down':
        return dispatch({ type: 'move', by: 1 });
      case 'remove':
        return line && dispatch({ type: 'remove', lineId: line.lineId });
      case 'more':
        return line && dispatch({ type: 'step', lineId: line.lineId, by: 1 });
      case 'fewer':
        return line && dispatch({ type: 'step', lineId: line.lineId, by: -1 });
    }
  };
  useRegisterKeys({
    blocked: dialog !== undefined || locked || checkout.state.step === 'approval',
    run,
    field: scanField,
    phase: basket.phase,
  });

  const amounts = { preview: preview.preview, current: preview.current };
  const panel = (): ReactNode => {
    if (basket.phase === 'posted' && basket.posted) return <PostedPanel result={basket.posted} currency={register.profile.currency} />;
    if (basket.phase === 'tendering')
      return (
        <TenderPanel
          methods={register.methods}
          basket={basket}
          {...amounts}
          amountField={amountField}
          sending={checkout.state.step === 'sending'}
          taking={taking}
          onPay={(method, amount, reference) => dispatch({ type: 'pay', tender: tenderOf(method, amount, reference) })}
          onUnpay={(tenderId) => dispatch({ type: 'unpay', tenderId })}
          onFinish={() => void checkout.finish()}
          onBack={() => run('back')}
        >
          {checkout.state.step === 'failed' ? (
            <FailedNotice problem={checkout.state.problem} onRetry={() => void checkout.finish()} />
          ) : null}
        </TenderPanel>
      );
    return <ItemGrid catalogue={catalogue} onItem={onItem} />;
  };

  return (
    <div className={classes.till}>
      <TillTop
        register={register}
        actions={{
          onLock: lock,
          onMovement: () => setDialog({ kind: 'movement' }),
          onDrawer: () => setDialog({ kind: 'drawer' }),
          onVoucher: () => setDialog({ kind: 'voucher' }),
          onIssueVoucher: () => setDialog({ kind: 'issue-voucher' }),
          onParked: () => setDialog({ kind: 'parked' }),
          onClear: () => setDialog({ kind: 'clear' }),
        }}
      />
      <main
        className={classes.work}
        data-view={view}
        data-phase={basket.phase}
        onPointerUp={(event) => keepFocus(event.target as HTMLElement, basket.phase, focusScan)}
      >
        <div className={classes.left}>
          <ScanField terminal={terminal} field={scanField} catalogue={catalogue} onItem={onItem} onScan={onScan} onCommand={run} />
          <section className={`panel ${classes.basket}`}>
            <div className={classes.listHead}>
              <span className="strong" style={{ flex: 1 }}>
                {tillText.basket}
              </span>
              <span className="num">{tillText.pieces(formatQuantity(sum(basket.lines.map((item) => item.quantity))))}</span>
            </div>
            <BasketList basket={basket} lineOf={preview.lineOf} exponent={register.profile.exponent} dispatch={dispatch} />
          </section>
        </div>
        <div className={classes.right}>
          <TotalBox
            register={register}
            basket={basket}
            preview={preview}
            onCustomer={() => run('customer')}
            onNoCustomer={() => dispatch({ type: 'customer' })}
            onApprove={() => setDialog({ kind: 'approve' })}
          />
          <SegmentedControl
            className={classes.switch ?? ''}
            fullWidth
            size="md"
            value={view}
            onChange={(value) => setView(value as typeof view)}
            data={[
              { value: 'basket', label: tillText.basket },
              { value: 'items', label: tillText.items },
            ]}
          />
          <section className={`panel ${basket.phase === 'selling' ? `${classes.grid} ${classes.gridArea}` : ''} ${classes.panelArea}`}>
            {panel()}
          </section>
        </div>
      </main>
      <RegisterKeys
        basket={basket}
        parked={register.parked}
        sending={checkout.state.step === 'sending'}
        hasCash={cash !== undefined}
        run={run}
      />
      {basket.phase !== 'tendering' && checkout.state.step === 'failed' ? (
        <div style={{ position: 'fixed', insetInline: '1rem', insetBlockEnd: '5rem', maxWidth: '36rem', zIndex: 30 }}>
          <FailedNotice problem={checkout.state.problem} onRetry={() => void checkout.finish()} />
        </div>
      ) : null}
      <TillDialogs
        dialog={dialog}
        register={register}
        basket={basket}
        preview={preview.preview}
        dispatch={dispatch}
        onClose={() => setDialog(undefined)}
        refresh={refresh}
      />
      <ApprovalStep
        opened={checkout.state.step === 'approval' || dialog?.kind === 'approve'}
        needs={preview.preview?.needsApproval}
        terminal={terminal}
        onClose={() => {
          checkout.dismiss();
          setDialog(undefined);
        }}
        onDone={(token, by) => {
          dispatch({ type: 'approved', token, by });
          const finishing = checkout.state.step === 'approval';
          checkout.dismiss();
          setDialog(undefined);
          if (finishing) void checkout.finish({ approval: { token, by } });
        }}
      />
      <ConfirmDialog
        opened={dialog?.kind === 'clear'}
        title={tillText.dialogs.clear}
        confirmLabel={tillText.dialogs.clear}
        danger
        onClose={() => setDialog(undefined)}
        onConfirm={() => {
          dispatch({ type: 'clear', newSaleId: uuid7() });
          setDialog(undefined);
        }}
      >
        {tillText.dialogs.clearText}
      </ConfirmDialog>
      {locked ? <LockScreen onUnlock={unlock} /> : null}
    </div>
  );
}

function tenderOf(method: PaymentMethod, amount: string, reference: string): BasketTender {
  return {
    tenderId: uuid7(),
    method: method.code,
    ...(method.type === 'cash' ? { tendered: amount } : { amount }),
    ...(reference ? { reference } : {}),
  };
}

/** A press on the basket or the grid gives the focus back to the scan field; a press into another field does not. */
function keepFocus(target: HTMLElement, phase: Basket['phase'], focusScan: () => void) {
  if (phase === 'tendering' || target.closest('input, textarea, select, a, [role="dialog"]')) return;
  focusScan();
}

function useRegisterKeys({
  blocked,
  run,
  field,
  phase,
}: {
  blocked: boolean;
  run: (command: RegisterCommand) => void;
  field: React.RefObject<HTMLInputElement | null>;
  phase: Basket['phase'];
}) {
  const latest = useRef({ blocked, run, phase });
  latest.current = { blocked, run, phase };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const now = latest.current;
      if (now.blocked || event.defaultPrevented || document.querySelector('[role="menu"]') !== null) return;
      const target = event.target as HTMLElement;
      const inField = target.closest('input, textarea, select') !== null;
      const modified = event.ctrlKey || event.altKey || event.metaKey;
      const command = commandOf(event.key, inField ? 'typing' : '', modified);
      if (command !== undefined && !(command === 'remove' && now.phase !== 'selling')) {
        event.preventDefault();
        now.run(command);
      } else if (!inField && !modified && event.key.length === 1 && /[\p{L}\p{N}]/u.test(event.key)) field.current?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [field]);
}

/** Locks by hand or after a while without a touch; stays locked over a reload. */
function useLock() {
  const memory = useMemo(() => remembered<boolean>('locked', () => sessionStorage), []);
  const [locked, setLocked] = useState(() => memory.read() ?? false);
  const idle = useIdle(lockAfterMs, { initialState: false });
  const lock = useCallback(() => {
    memory.write(true);
    setLocked(true);
  }, [memory]);
  const unlock = useCallback(() => {
    memory.write(undefined);
    setLocked(false);
  }, [memory]);
  useEffect(() => {
    if (idle) lock();
  }, [idle, lock]);
  return { locked, lock, unlock };
}

function FailedNotice({ problem, onRetry }: { problem: { retryable: boolean; code: string }; onRetry: () => void }) {
  const text = tillText.finish;
  return (
    <div>
      <ProblemNotice error={problem} />
      {problem.retryable || problem.code === 'TOTAL_CHANGED' ? (
        <div style={{ display: 'flex', gap: 12, alignItems: 'center', marginBlockStart: 8 }}>
          <span className="dim small" style={{ flex: 1 }}>
            {problem.code === 'TOTAL_CHANGED' ? text.changed : text.lost}
          </span>
          <Button onClick={onRetry} size="md">
            {text.retry}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function TotalBox({
  register,
  basket,
  preview,
  onCustomer,
  onNoCustomer,
  onApprove,
}: {
  register: Register;
  basket: Basket;
  preview: ReturnType<typeof usePreview>;
  onCustomer: () => void;
  onNoCustomer: () => void;
  onApprove: () => void;
}) {
  const { preview: sums, current } = preview;
  const optimistic = useMemo(() => {
    if (basket.lines.length === 0) return '0';
    return basket.lines.reduce(
      (total, line) => add(total, preview.lineOf(line.lineId, line.quantity)?.total ?? catalogueValue(line, register.profile.exponent)),
      '0',
    );
  }, [basket.lines, preview.lineOf, register.profile.exponent]);
  const posted = basket.phase === 'posted' ? basket.posted : undefined;
  const total = posted?.total ?? (current && sums ? sums.total : optimistic);
  const needs = current ? sums?.needsApproval : undefined;
  return (
    <section className={`panel ${classes.totalBox} ${classes.totalArea}`} aria-label={tillText.total}>
      <div className={classes.totalRow}>
        <span className="strong">{tillText.total}</span>
        <output
          className={classes.total}
          data-waiting={!posted && !current && basket.lines.length > 0}
          aria-live="polite"
          data-testid="total"
        >
          {formatMoney(total, { sign: true, currency: register.profile.currency })}
        </output>
      </div>
      <div className={classes.sums}>
        {sums && !posted ? (
          <>
            <span className="num">
              {tillText.tax} {formatMoney(sums.tax)}
            </span>
            {sums.discount && Number(sums.discount) !== 0 ? (
              <span className="num">
                {tillText.discount} {formatMoney(sums.discount)}
              </span>
            ) : null}
          </>
        ) : null}
      </div>
      {preview.error && !posted ? <ProblemNotice error={preview.error} /> : null}
      {basket.customer ? (
        <div className={classes.customer}>
          <button type="button" className="ellipsis" style={{ textAlign: 'start', minHeight: 44 }} onClick={onCustomer}>
            <IconUser size={16} aria-hidden="true" style={{ verticalAlign: '-3px' }} />{' '}
            <span className="strong">{basket.customer.name}</span> <span className="dim">{basket.customer.number}</span>
          </button>
          <button type="button" aria-label={tillText.removeCustomer} onClick={onNoCustomer} style={{ width: 44, height: 44 }}>
            <IconX size={18} />
          </button>
        </div>
      ) : null}
      {basket.approval ? (
        <div className={classes.approval} data-done="true">
          <span>{tillText.approvedBy(basket.approval.by)}</span>
        </div>
      ) : needs ? (
        <div className={classes.approval}>
          <span>
            {tillText.needsApproval}: {needs.reason}
          </span>
          <Button variant="default" onClick={onApprove} h={44}>
            {tillText.authorise.submit}
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function catalogueValue(line: Basket['lines'][number], exponent: number): string {
  const price = line.unitPrice ?? line.cataloguePrice;
  return price === undefined ? '0' : multiply(line.quantity, price, exponent);
}

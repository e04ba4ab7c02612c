import { Button, Group, Modal, Select, Stack, Textarea } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { CodeLabel } from '@/api';
import { commonText } from '@/messages';
import { ProblemNotice } from './ProblemNotice';

export interface DialogShape {
  opened: boolean;
  title: string;
  /** What will happen, in words; for a posting or a reversal, the entries it makes. */
  children?: ReactNode;
  confirmLabel: string;
  danger?: boolean;
  busy?: boolean;
  /** It cannot be done now; what the dialog shows says why. */
  blocked?: boolean;
  error?: unknown;
  onClose: () => void;
}

/** Its cross does not close what the dialog asks about, a month or a document: who hears the two names must tell them apart. */
const closing = { 'aria-label': commonText.closeDialog };

/** Asks once, naming what will happen. The safe button has the focus. */
export function ConfirmDialog({
  opened,
  title,
  children,
  confirmLabel,
  danger,
  busy,
  blocked,
  error,
  onClose,
  onConfirm,
}: DialogShape & { onConfirm: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} size="lg" closeButtonProps={closing}>
      <Stack gap="md">
        <div>{children}</div>
        <ProblemNotice error={error} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose} data-autofocus disabled={busy ?? false}>
            {commonText.cancel}
          </Button>
          <Button color={danger ? 'red.8' : 'petrol'} loading={busy ?? false} disabled={blocked ?? false} onClick={onConfirm}>
            {confirmLabel}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

interface ReasonDialogShape extends DialogShape {
  reasons?: CodeLabel[] | undefined;
  /** Whether a reason must be given; a rule of the API, told by its description. */
  required?: boolean;
  /** Another way to the same end, such as a second person signing at once. */
  secondary?: { label: string; onConfirm: (answer: { reason?: string; text?: string }) => void } | undefined;
  onConfirm: (answer: { reason?: string; text?: string }) => void;
}

/** As {@link ConfirmDialog}, with a reason from the list and an explanation in words. */
export function ReasonDialog(props: ReasonDialogShape) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title} size="lg" closeButtonProps={closing}>
      {props.opened ? <ReasonForm {...props} /> : null}
    </Modal>
  );
}

function ReasonForm({
  children,
  confirmLabel,
  danger,
  busy,
  error,
  onClose,
  onConfirm,
  reasons = [],
  required = true,
  secondary,
}: ReasonDialogShape) {
  const [reason, setReason] = useState<string | null>(null);
  const [text, setText] = useState('');
  const [touched, setTouched] = useState(false);
  const answer = { ...(reason ? { reason } : {}), ...(text.trim() ? { text: text.trim() } : {}) };
  const missing = required && (reasons.length > 0 ? reason === null : text.trim() === '');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setTouched(true);
        if (!missing) onConfirm(answer);
      }}
    >
      <Stack gap="md">
        {children ? <div>{children}</div> : null}
        {reasons.length > 0 ? (
          <Select
            label={commonText.reason}
            placeholder={commonText.reasonPlaceholder}
            data={reasons.map((item) => ({ value: item.code, label: item.label }))}
            value={reason}
            onChange={setReason}
            withAsterisk={required}
            error={touched && missing ? commonText.required : undefined}
            data-autofocus
          />
        ) : null}
        <Textarea
          label={commonText.explanation}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autosize
          minRows={2}
          maxLength={500}
          withAsterisk={required && reasons.length === 0}
          error={touched && missing && reasons.length === 0 ? commonText.required : undefined}
        />
        <ProblemNotice error={error} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose} disabled={busy ?? false}>
            {commonText.cancel}
          </Button>
          {secondary ? (
            <Button
              variant="default"
              disabled={busy ?? false}
              onClick={() => {
                setTouched(true);
                if (!missing) secondary.onConfirm(answer);
              }}
            >
              {secondary.label}
            </Button>
          ) : null}
          <Button type="submit" color={danger ? 'red.8' : 'petrol'} loading={busy ?? false}>
            {confirmLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

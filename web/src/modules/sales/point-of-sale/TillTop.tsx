import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import {
  IconArrowLeft,
  IconCashBanknote,
  IconCloudOff,
  IconDotsVertical,
  IconGift,
  IconGiftCard,
  IconLock,
  IconLockOpen,
  IconReport,
  IconSwitchHorizontal,
  IconTrash,
  IconUserShare,
} from '@tabler/icons-react';
import { Link, useNavigate } from 'react-router';
import type { Register } from '@/api';
import { formatTime } from '@/kit/format';
import { useSession } from '@/kit/session';
import { useConnection } from '@/kit/shell/useShell';
import { commonText, shellText, tillText } from '@/messages';
import classes from './register.module.css';

export interface TillTopActions {
  onLock: () => void;
  onMovement: () => void;
  onDrawer: () => void;
  onVoucher: () => void;
  onIssueVoucher: () => void;
  onParked: () => void;
  onClear: () => void;
}

/** The narrow head of the till: which terminal, whose shift, whether the server answers, and what is rarely needed. */
export function TillTop({ register, actions }: { register?: Register; actions?: TillTopActions }) {
  const { session, branch, can } = useSession();
  const online = useConnection();
  const navigate = useNavigate();
  const shift = register?.shift;
  const shifts = '/sales/point-of-sale/shifts';
  return (
    <header className={classes.top}>
      <Tooltip label={tillText.leave}>
        <ActionIcon component={Link} to="/sales/point-of-sale" variant="subtle" color="gray" size={44} aria-label={tillText.leave}>
          <IconArrowLeft size={20} />
        </ActionIcon>
      </Tooltip>
      <div className={classes.where}>
        <h1>{register ? register.terminal.name : tillText.title}</h1>
        <span className="dim">{branch.name}</span>
        {shift ? (
          <Link to={`${shifts}/${shift.id}`} className="num">
            {shellText.shift(shift.number, formatTime(shift.openedAt))}
          </Link>
        ) : null}
        <span className="dim">{session.user.name}</span>
      </div>
      {online ? null : (
        <span className="strong" role="status" style={{ color: 'var(--p-danger)', display: 'inline-flex', gap: 6, alignItems: 'center' }}>
          <IconCloudOff size={18} aria-hidden="true" /> {shellText.offline}
        </span>
      )}
      {actions ? (
        <>
          <Tooltip label={tillText.lock.lock}>
            <ActionIcon variant="subtle" color="gray" size={44} aria-label={tillText.lock.lock} onClick={actions.onLock}>
              <IconLock size={20} />
            </ActionIcon>
          </Tooltip>
          <Menu position="bottom-end" width={230} returnFocus={false}>
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" size={44} aria-label={tillText.menu}>
                <IconDotsVertical size={20} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconCashBanknote size={17} />} onClick={actions.onMovement}>
                {tillText.shift.cashMovement}
              </Menu.Item>
              <Menu.Item leftSection={<IconLockOpen size={17} />} onClick={actions.onDrawer}>
                {tillText.shift.openDrawer}
              </Menu.Item>
              <Menu.Item leftSection={<IconGiftCard size={17} />} onClick={actions.onVoucher}>
                {tillText.voucher.title}
              </Menu.Item>
              {can('sales.point-of-sale.issue-voucher') ? (
                <Menu.Item leftSection={<IconGift size={17} />} onClick={actions.onIssueVoucher}>
                  {tillText.issueVoucher.title}
                </Menu.Item>
              ) : null}
              <Menu.Divider />
              <Menu.Item leftSection={<IconReport size={17} />} onClick={() => navigate(`${shifts}/${shift?.id}/report?kind=x`)}>
                {tillText.shift.x}
              </Menu.Item>
              <Menu.Item leftSection={<IconUserShare size={17} />} onClick={() => navigate(`${shifts}/${shift?.id}/handover`)}>
                {tillText.shift.handover}
              </Menu.Item>
              <Menu.Item leftSection={<IconCashBanknote size={17} />} onClick={() => navigate(`${shifts}/${shift?.id}/close`)}>
                {tillText.shift.close}
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item leftSection={<IconSwitchHorizontal size={17} />} onClick={() => navigate('?choose=1')}>
                {tillText.otherTerminal}
              </Menu.Item>
              <Menu.Item leftSection={<IconTrash size={17} />} onClick={actions.onClear}>
                {tillText.dialogs.clear}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      ) : (
        <Link to="/" className="dim">
          {commonText.back}
        </Link>
      )}
    </header>
  );
}

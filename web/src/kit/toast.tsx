import { notifications } from '@mantine/notifications';
import { IconAlertCircle, IconCheck } from '@tabler/icons-react';
import { Link } from 'react-router';
import { asProblem } from '@/api';
import { commonText } from '@/messages';

/** What was done, with a link to it. What went wrong is told in place; only where there is no place, here. */
export function toastDone(message: string, link?: { to: string; label?: string }) {
  notifications.show({
    closeButtonProps: { 'aria-label': commonText.close },
    message: (
      <>
        {message}
        {link ? (
          <>
            {' '}
            <Link to={link.to} className="strong">
              {link.label ?? commonText.open}
            </Link>
          </>
        ) : null}
      </>
    ),
    icon: <IconCheck size={16} />,
    color: 'petrol',
    autoClose: 5000,
  });
}

export function toastProblem(error: unknown) {
  const problem = asProblem(error);
  notifications.show({
    closeButtonProps: { 'aria-label': commonText.close },
    title: problem.title,
    message: problem.code === 'VERSION_CONFLICT' ? commonText.problem.conflict : (problem.detail ?? problem.code),
    icon: <IconAlertCircle size={16} />,
    color: 'red',
    autoClose: 9000,
  });
}

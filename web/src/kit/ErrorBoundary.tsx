import { Button } from '@mantine/core';
import { isRouteErrorResponse, Link, useRouteError } from 'react-router';
import { commonText } from '@/messages';
import classes from './states.module.css';

/** What a route shows when a page broke, does not exist, or its code is from before an update. */
export function RouteError() {
  const error = useRouteError();
  const missing = isRouteErrorResponse(error) && error.status === 404;
  const outdated = error instanceof TypeError && /dynamically imported module|module script/i.test(error.message);
  const text = commonText.error;
  return (
    <main className={classes.notice} role="alert" style={{ minHeight: '60vh', alignContent: 'center' }}>
      <h1 className={classes.title}>{missing ? text.notFound : outdated ? text.updated : text.crash}</h1>
      <p className={classes.text}>{missing ? text.notFoundHint : outdated ? text.updatedHint : text.crashHint}</p>
      {!missing && !outdated && error instanceof Error ? <p className="mono small dim">{error.message}</p> : null}
      <div className={classes.action}>
        {missing ? (
          <Button component={Link} to="/">
            {text.home}
          </Button>
        ) : (
          <Button onClick={() => window.location.reload()}>{text.reload}</Button>
        )}
      </div>
    </main>
  );
}

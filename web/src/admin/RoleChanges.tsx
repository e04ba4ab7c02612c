import { useQuery } from '@tanstack/react-query';
import { access, type PermissionMatrix } from '@/api';
import { InstantText } from '@/kit/cells';
import { humanise } from '@/kit/format';
import { QueryState } from '@/kit/states';
import { adminText } from '@/messages';
import classes from './admin.module.css';

const text = adminText.roles;

/** What a role gained and lost: against what it began as, and by each change of it. */
export function RoleChanges({ role, matrix }: { role: PermissionMatrix['roles'][number]; matrix: PermissionMatrix }) {
  const query = useQuery({ queryKey: ['master', '/permissions', 'changes', role.code], queryFn: () => access.roleChanges(role.code) });
  const labels = new Map(matrix.permissions.map((row) => [row.permission, row.label]));
  const name = (permission: string) => {
    const of = humanise(permission.split('.').at(-2) ?? '');
    return `${of}: ${labels.get(permission) ?? permission}`;
  };
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.history}</h2>
      </div>
      <QueryState query={query} rows={3}>
        {(data) => (
          <div className="panel-body">
            {data.template && data.gained.length + data.lost.length === 0 ? <p style={{ marginTop: 0 }}>{text.asTemplate}</p> : null}
            <Names title={text.gained} names={data.gained.map(name)} sign="+" />
            <Names title={text.lost} names={data.lost.map(name)} sign="−" />
            <h3 className={classes.small}>{text.changes}</h3>
            {data.changes.length === 0 ? <p className="dim">{text.noChanges}</p> : null}
            <ul className={classes.changes}>
              {data.changes.map((change) => (
                <li key={change.at}>
                  <InstantText value={change.at} /> · {change.by}:{' '}
                  {[
                    change.granted.length > 0 ? text.gainedIn(change.granted.map(name).join(', ')) : '',
                    change.revoked.length > 0 ? text.lostIn(change.revoked.map(name).join(', ')) : '',
                  ]
                    .filter(Boolean)
                    .join('; ')}
                </li>
              ))}
            </ul>
          </div>
        )}
      </QueryState>
    </section>
  );
}

function Names({ title, names, sign }: { title: string; names: string[]; sign: string }) {
  if (names.length === 0) return null;
  return (
    <>
      <h3 className={classes.small}>{title}</h3>
      <ul className={classes.changes}>
        {names.map((item) => (
          <li key={item}>
            <span aria-hidden="true">{sign}</span> {item}
          </li>
        ))}
      </ul>
    </>
  );
}

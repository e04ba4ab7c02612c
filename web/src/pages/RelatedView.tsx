import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { type DocumentDetail, type FunctionInfo, functions, type Related, type RelatedNode } from '@/api';
import { MoneyText } from '@/kit/cells';
import { humanise } from '@/kit/format';
import { documentPath, functionName } from '@/kit/paths';
import { StatusBadge } from '@/kit/StatusBadge';
import { useMeta } from '@/kit/session';
import { EmptyState, QueryState } from '@/kit/states';
import { pageText } from '@/messages';
import classes from './DocumentPage.module.css';

const text = pageText.detail;

/** Splits the graph around a document: what it comes from, and what it leads to, each with the way it is related. */
export function neighbours(
  related: Related,
  id: string,
): { from: { node: RelatedNode; relation: string }[]; to: { node: RelatedNode; relation: string }[] } {
  const node = (key: string) => related.nodes.find((item) => item.id === key);
  const reach = (step: 'from' | 'to') => {
    const other = step === 'from' ? 'to' : 'from';
    const found: { node: RelatedNode; relation: string }[] = [];
    const seen = new Set([id]);
    const waiting = [id];
    while (waiting.length > 0) {
      const at = waiting.shift();
      for (const edge of related.edges) {
        if (edge[other] !== at || seen.has(edge[step])) continue;
        seen.add(edge[step]);
        waiting.push(edge[step]);
        const reached = node(edge[step]);
        if (reached) found.push({ node: reached, relation: edge.relation });
      }
    }
    return found;
  };
  return { from: reach('from'), to: reach('to') };
}

export function RelatedView({ fn, document }: { fn: FunctionInfo; document: DocumentDetail }) {
  const related = useQuery({ queryKey: [fn.code, 'related', document.id], queryFn: () => functions.related(fn.route, document.id) });
  return (
    <section className="panel">
      <QueryState query={related}>
        {(data) => {
          const { from, to } = neighbours(data, document.id);
          if (from.length + to.length === 0) return <EmptyState title={text.noRelated} />;
          return (
            <div className={classes.graph}>
              <div className={`${classes.lane} ${classes.from}`}>
                {from.length > 0 ? <p className={classes.laneTitle}>{text.comesFrom}</p> : null}
                {from.map((item) => (
                  <NodeCard key={item.node.id} {...item} />
                ))}
              </div>
              <div className={classes.lane}>
                <p className={classes.laneTitle}>{text.thisDocument}</p>
                <div className={classes.node} data-self="true">
                  <span className="strong">{document.number}</span>
                  <StatusBadge status={document.status} />
                  {document.total ? <MoneyText value={document.total} currency={document.currency} sign /> : null}
                </div>
              </div>
              <div className={`${classes.lane} ${classes.to}`}>
                {to.length > 0 ? <p className={classes.laneTitle}>{text.leadsTo}</p> : null}
                {to.map((item) => (
                  <NodeCard key={item.node.id} {...item} />
                ))}
              </div>
            </div>
          );
        }}
      </QueryState>
    </section>
  );
}

function NodeCard({ node, relation }: { node: RelatedNode; relation: string }) {
  const meta = useMeta().data;
  return (
    <Link to={documentPath(node.function, node.id)} className={`plain ${classes.node}`}>
      <span className={classes.relation}>
        {humanise(relation)} · {functionName(meta, node.function) ?? humanise(node.kind)}
      </span>
      <span className="strong">{node.number}</span>
      <span>
        <StatusBadge status={node.status} /> {node.total ? <MoneyText value={node.total} /> : null}
      </span>
    </Link>
  );
}

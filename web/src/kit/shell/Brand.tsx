import { shellText } from '@/messages';
import classes from './Brand.module.css';

export function Brand({ large = false, short = false }: { large?: boolean; short?: boolean }) {
  const size = large ? 36 : 26;
  return (
    <span className={classes.brand} data-large={large}>
      <img src="/favicon.svg" width={size} height={size} alt="" />
      {short ? null : (
        <span>
          <span className={classes.name}>{shellText.brand}</span> <span className={classes.product}>{shellText.product}</span>
        </span>
      )}
    </span>
  );
}

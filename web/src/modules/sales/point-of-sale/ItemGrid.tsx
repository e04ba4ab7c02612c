import { memo, useMemo, useState } from 'react';
import type { CatalogueItem } from '@/api';
import { formatMoney } from '@/kit/format';
import { LoadingState } from '@/kit/states';
import { tillText } from '@/messages';
import classes from './register.module.css';
import type { Catalogue } from './scan';

const shown = 60;

/** Items to press, by category; for what has no barcode and for those who learn the trade. */
export const ItemGrid = memo(function ItemGrid({
  catalogue,
  onItem,
}: {
  catalogue: Catalogue | undefined;
  onItem: (item: CatalogueItem, quantity: string) => void;
}) {
  const [category, setCategory] = useState<string>();
  const categories = useMemo(() => catalogue?.categories() ?? [], [catalogue]);
  const items = useMemo(
    () => (catalogue?.items ?? []).filter((item) => category === undefined || item.category?.id === category),
    [catalogue, category],
  );
  if (catalogue === undefined) return <LoadingState rows={6} />;
  return (
    <>
      <div className={classes.categories} role="group" aria-label={tillText.items}>
        <button
          type="button"
          className={classes.category}
          data-active={category === undefined}
          aria-pressed={category === undefined}
          onClick={() => setCategory(undefined)}
        >
          {tillText.allCategories}
        </button>
        {categories.map((item) => (
          <button
            key={item.id}
            type="button"
            className={classes.category}
            data-active={item.id === category}
            aria-pressed={item.id === category}
            onClick={() => setCategory(item.id)}
          >
            {item.name}
          </button>
        ))}
      </div>
      <div className={classes.tiles}>
        {items.slice(0, shown).map((item) => (
          <button key={item.id} type="button" className={classes.tile} onClick={() => onItem(item, '1')}>
            <span>{item.name}</span>
            <span className={classes.tilePrice}>{formatMoney(item.price)}</span>
          </button>
        ))}
        {items.length > shown ? <p className="dim small">{tillText.gridMore(items.length - shown)}</p> : null}
      </div>
    </>
  );
});

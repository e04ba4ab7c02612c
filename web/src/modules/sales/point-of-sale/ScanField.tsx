import { TextInput, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconBarcode } from '@tabler/icons-react';
import { type KeyboardEvent, type RefObject, useMemo, useState } from 'react';
import { asProblem, type CatalogueItem, pointOfSale } from '@/api';
import { formatMoney } from '@/kit/format';
import { tillText } from '@/messages';
import classes from './register.module.css';
import { type Catalogue, commandOf, type RegisterCommand, readScan, type Scan } from './scan';

/** The field that always has the focus. It knows codes and words; the keys of the register pass through it. */
export function ScanField({
  terminal,
  field,
  catalogue,
  onItem,
  onScan,
  onCommand,
}: {
  terminal: string;
  field: RefObject<HTMLInputElement | null>;
  catalogue: Catalogue | undefined;
  onItem: (item: CatalogueItem, quantity: string) => void;
  onScan: (scan: Exclude<Scan, { kind: 'item' | 'nothing' }>) => void;
  onCommand: (command: RegisterCommand) => void;
}) {
  const [text, setText] = useState('');
  const [message, setMessage] = useState<string>();
  const [fromServer, setFromServer] = useState<CatalogueItem[]>([]);
  const [active, setActive] = useState(-1);
  const [typing, setTyping] = useState(false);
  const scan = readScan(text);
  const wanted = scan.kind === 'item' && /[^\d]/.test(scan.code) && scan.code.length >= 2 ? scan.code : '';
  const local = useMemo(() => (catalogue && wanted ? catalogue.search(wanted, 8) : []), [catalogue, wanted]);
  const suggestions = fromServer.length > 0 ? fromServer : local;
  const coarse = window.matchMedia('(pointer: coarse)').matches;

  const reset = () => {
    setText('');
    setFromServer([]);
    setActive(-1);
  };
  const take = (item: CatalogueItem, quantity: string) => {
    reset();
    setMessage(undefined);
    onItem(item, quantity);
  };

  /** Asks the server for a code that is not in memory. The field is free meanwhile: the next scan does not wait. */
  const lookUp = async (code: string, quantity: string) => {
    reset();
    try {
      const byBarcode = await pointOfSale.catalogue({ terminal, barcode: code, limit: 2 });
      const found = byBarcode.items.length > 0 ? byBarcode.items : (await pointOfSale.catalogue({ terminal, q: code, limit: 8 })).items;
      for (const item of found) catalogue?.put(item);
      if (found.length === 1) onItem(found[0]!, quantity);
      else if (found.length === 0) setMessage(tillText.notFound(code));
      else {
        setText(quantity === '1' ? code : `${quantity}*${code}`);
        setFromServer(found);
        setActive(0);
      }
    } catch (error) {
      setMessage(asProblem(error).message);
    }
  };

  const enter = () => {
    setMessage(undefined);
    if (scan.kind === 'nothing') return;
    if (scan.kind !== 'item') {
      reset();
      onScan(scan);
      return;
    }
    const chosen = active >= 0 ? suggestions[active] : undefined;
    const known = chosen ?? catalogue?.find(scan.code) ?? (local.length === 1 ? local[0] : undefined);
    if (known) take(known, scan.quantity);
    else if (local.length > 1) setActive(0);
    else void lookUp(scan.code, scan.quantity);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      enter();
      return;
    }
    if (suggestions.length > 0 && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setActive((active + step + suggestions.length) % suggestions.length);
      return;
    }
    if (event.key === 'Escape' && text !== '') {
      event.preventDefault();
      event.stopPropagation();
      reset();
      return;
    }
    const command = commandOf(event.key, text, event.ctrlKey || event.altKey || event.metaKey);
    if (command !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      onCommand(command);
    }
  };

  return (
    <div className={classes.scanBox}>
      <TextInput
        ref={field}
        className={classes.scan ?? ''}
        leftSection={<IconBarcode size={22} />}
        leftSectionWidth={48}
        aria-label={tillText.scan}
        placeholder={tillText.scanHint}
        value={text}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        // A scanner types; the keyboard on the screen would only cover the basket until it is asked for.
        inputMode={coarse && !typing ? 'none' : 'text'}
        onClick={() => setTyping(true)}
        onBlur={() => setTyping(false)}
        role="combobox"
        aria-expanded={suggestions.length > 0}
        aria-controls="till-suggestions"
        aria-activedescendant={active >= 0 ? `till-suggestion-${active}` : undefined}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setFromServer([]);
          setActive(-1);
          setMessage(undefined);
        }}
        onKeyDown={onKeyDown}
      />
      {suggestions.length > 0 ? (
        <div id="till-suggestions" role="listbox" aria-label={tillText.several} className={classes.suggestions}>
          {suggestions.map((item, index) => (
            <UnstyledButton
              key={item.id}
              id={`till-suggestion-${index}`}
              role="option"
              aria-selected={index === active}
              tabIndex={-1}
              className={classes.suggestion}
              data-active={index === active}
              onClick={() => take(item, scan.kind === 'item' ? scan.quantity : '1')}
            >
              <span className="mono dim">{item.sku}</span>
              <span className="ellipsis">{item.name}</span>
              <span className="num strong">{formatMoney(item.price)}</span>
            </UnstyledButton>
          ))}
        </div>
      ) : null}
      {message ? (
        <p className={classes.message} role="alert">
          <IconAlertTriangle size={18} aria-hidden="true" /> {message}
        </p>
      ) : null}
    </div>
  );
}

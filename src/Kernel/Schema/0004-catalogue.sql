-- Items, units, prices, taxes; parties; payment methods. Kept in memory by every node, so a change moves the stamp 'catalogue'.
-- both

create table category (
  id {id} primary key,
  code text not null unique,
  name text not null,
  parent_id {id} references category (id),
  active {bool} not null default true,
  version {long} not null default 1
);

create table unit_of_measure (
  code text primary key,
  name text not null,
  decimals {long} not null check (decimals between 0 and 6),
  version {long} not null default 1
);

create table tax_code (
  id {id} primary key,
  code text not null unique,
  name text not null,
  category text not null check (category in ('S', 'Z', 'E', 'AE', 'K', 'G', 'O')),
  exemption_reason text,
  active {bool} not null default true,
  version {long} not null default 1
);

-- A component's rate from a day on; rate in millionths. Accounts are determined by the component's code.
create table tax_component (
  tax_code_id {id} not null references tax_code (id),
  seq {long} not null,
  code text not null,
  name text not null,
  valid_from {date} not null,
  rate {long} not null,
  compound {bool} not null default false,
  primary key (tax_code_id, seq, valid_from)
);

-- changed is the stamp of 'catalogue' at the last change of the item, its barcodes or its prices: caches and offline tills
-- read again only what moved since the stamp they know. standard_cost in millionths of a major currency unit for one stock unit.
create table item (
  id {id} primary key,
  sku text not null unique,
  name text not null,
  category_id {id} not null references category (id),
  unit_code text not null references unit_of_measure (code),
  tax_code_id {id} not null references tax_code (id),
  kind text not null default 'goods' check (kind in ('goods', 'service', 'charge')),
  tracking text not null default 'none' check (tracking in ('none', 'lot', 'serial')),
  valuation text not null default 'average' check (valuation in ('average', 'fifo')),
  standard_cost {long},
  sellable {bool} not null default true,
  active {bool} not null default true,
  changed {long} not null default 0,
  version {long} not null default 1
);
create index item_by_category on item (category_id, sku);
create index item_by_change on item (changed);

-- A barcode may stand for a pack: factor is stock units in millionths.
create table item_barcode (
  barcode text primary key,
  item_id {id} not null references item (id),
  factor {long} not null default 1000000,
  unit_name text
);
create index item_barcode_of_item on item_barcode (item_id);

create table price_list (
  id {id} primary key,
  code text not null unique,
  name text not null,
  currency text not null,
  basis text not null default 'gross' check (basis in ('gross', 'net')),
  is_base {bool} not null default false,
  branch_id {id},
  channel text,
  active {bool} not null default true,
  version {long} not null default 1
);

-- price in millionths of a major currency unit for one stock unit; min_quantity in millionths; valid_to is the first day without it.
create table price (
  id {id} primary key,
  price_list_id {id} not null references price_list (id),
  item_id {id} not null references item (id),
  valid_from {date} not null,
  min_quantity {long} not null default 0,
  price {long} not null check (price >= 0),
  valid_to {date},
  version {long} not null default 1
);
create unique index price_row on price (price_list_id, item_id, valid_from, min_quantity);
create index price_of_item on price (item_id);

create table lot (
  id {id} primary key,
  item_id {id} not null references item (id),
  code text not null,
  serial {bool} not null default false,
  status text not null default 'released' check (status in ('released', 'quarantine', 'hold', 'rejected')),
  expires_on {date},
  received_on {date} not null,
  origin_document_id {id},
  version {long} not null default 1,
  unique (item_id, code)
);

-- What an item cost just before its stock ran out, as an exact ratio: value in minor units for a quantity in millionths.
create table stock_cost (
  item_id {id} not null references item (id),
  warehouse_id {id} not null references warehouse (id),
  value {long} not null,
  quantity {long} not null,
  primary key (item_id, warehouse_id)
);

-- phone is kept as digits, with a plus before an international number.
create table party (
  id {id} primary key,
  number text not null unique,
  kind text not null check (kind in ('person', 'organisation')),
  name text not null,
  phone text,
  email text,
  card text,
  tax_id text,
  country text,
  price_list_id {id} references price_list (id),
  canonical_id {id},
  state text not null default 'active' check (state in ('active', 'blocked', 'merged', 'erased')),
  created_at {instant} not null,
  version {long} not null default 1
);
create unique index party_by_card on party (card);
create index party_by_phone on party (phone);
create index party_by_name on party (name, id);

create table party_role (
  party_id {id} not null references party (id),
  role text not null check (role in ('customer', 'supplier', 'employee', 'member')),
  primary key (party_id, role)
);

-- Whatever a party is looked for by: words of the name, number, card, phone, mail address; in small letters without accents.
create table party_word (
  word text not null,
  party_id {id} not null references party (id),
  primary key (word, party_id)
);
create index party_word_of_party on party_word (party_id, word);

-- rounding_step, max_amount in minor units; role names where the money goes.
create table payment_method (
  code text primary key,
  name text not null,
  type text not null check (type in ('cash', 'card', 'voucher', 'points', 'account', 'bank', 'mobile', 'other')),
  rounding_step {long},
  rounding_mode text not null default 'half' check (rounding_mode in ('half', 'down', 'up')),
  needs_reference {bool} not null default false,
  over_tender {bool} not null default false,
  refund_priority {long} not null default 100,
  max_amount {long},
  offline {bool} not null default true,
  active {bool} not null default true,
  version {long} not null default 1
);

create table denomination (
  currency text not null,
  value {long} not null,
  primary key (currency, value)
);

-- What is looked up by its beginning sorts by code point, as SQLite sorts it, so that one range query serves both engines.
-- only: postgres
alter table item alter column sku type text collate "C";
alter table party alter column number type text collate "C";
alter table party alter column name type text collate "C";
alter table party_word alter column word type text collate "C";
-- both

-- What an administrator changes over the API carries a version.
alter table company add column version {long} not null default 1;
alter table reason add column version {long} not null default 1;
alter table gl_account add column version {long} not null default 1;
alter table account_rule add column version {long} not null default 1;
alter table period add column version {long} not null default 1;

-- How far an import of a file has come: written with each chunk, so that one that was stopped goes on where it ended.
create table import_run (
  kind text not null,
  file_hash text not null,
  rows_done {long} not null,
  created {long} not null,
  updated {long} not null,
  unchanged {long} not null,
  refused {long} not null,
  finished {bool} not null,
  changed_at {instant} not null,
  primary key (kind, file_hash)
);

-- Point of sale: sales with lines, taxes and tenders; shifts with their counts; cash movements; vouchers; parked baskets.
-- both

create table pos_sale (
  document_id {id} primary key references document (id) deferrable initially deferred,
  terminal_id {id} not null,
  basis text not null check (basis in ('gross', 'net')),
  gross {long} not null,
  discount {long} not null,
  net {long} not null,
  tax {long} not null,
  rounding {long} not null,
  change {long} not null,
  cost {long} not null,
  units {long} not null,
  line_count {long} not null,
  overrides {long} not null,
  seconds {long} not null,
  receipt_seq {long},
  offline_at {instant},
  parked_label text,
  basket text,
  approved_by {id}
);

create table pos_sale_line (
  document_id {id} not null,
  line {long} not null,
  kind text not null,
  item_id {id},
  category_id {id},
  warehouse_id {id},
  sku text not null,
  name text not null,
  barcode text,
  quantity {long} not null,
  list_price {long} not null,
  unit_price {long} not null,
  price_source text not null,
  override_reason text,
  amount {long} not null,
  manual {long} not null,
  promotion {long} not null,
  document_discount {long} not null,
  value {long} not null,
  net_before {long} not null,
  net {long} not null,
  tax {long} not null,
  cost {long} not null,
  tax_code text,
  salesperson_id {id},
  primary key (document_id, line),
  check (value = amount - manual - promotion - document_discount)
);

create table pos_sale_lot (
  document_id {id} not null,
  line {long} not null,
  lot_id {id} not null,
  quantity {long} not null,
  cost {long} not null,
  primary key (document_id, line, lot_id)
);

create table pos_sale_tax (
  document_id {id} not null,
  tax_code text not null,
  component text not null,
  rate {long} not null,
  base {long} not null,
  amount {long} not null,
  primary key (document_id, tax_code, component)
);

create table pos_tender (
  document_id {id} not null,
  seq {long} not null,
  session_id {id} not null,
  method text not null,
  amount {long} not null,
  tendered {long} not null,
  change {long} not null,
  reference text,
  voucher_id {id},
  primary key (document_id, seq)
);
create index pos_tender_of_session on pos_tender (session_id, method);

create table pos_cash_movement (
  document_id {id} primary key references document (id) deferrable initially deferred,
  session_id {id} not null,
  terminal_id {id} not null,
  movement text not null check (movement in ('float', 'paid-in', 'paid-out', 'drop')),
  amount {long} not null check (amount > 0),
  reason text,
  counter_role text not null,
  posted {bool} not null default false
);
create index pos_cash_movement_of_session on pos_cash_movement (session_id);

create table pos_shift (
  session_id {id} primary key references work_session (id),
  float_amount {long} not null,
  counted_at {instant},
  counted_by {id},
  next_float {long},
  close_document_id {id},
  previous_session_id {id}
);

create table pos_shift_tender (
  session_id {id} not null,
  method text not null,
  expected {long} not null,
  counted {long} not null,
  variance {long} not null,
  primary key (session_id, method),
  check (variance = counted - expected)
);

create table pos_shift_denomination (
  session_id {id} not null,
  value {long} not null,
  count {long} not null,
  primary key (session_id, value)
);

create table pos_drawer_opening (
  id {id} primary key,
  session_id {id} not null,
  user_id {id} not null,
  at {instant} not null,
  reason text not null
);
create index pos_drawer_opening_of_session on pos_drawer_opening (session_id);

create table voucher (
  id {id} primary key,
  code text not null unique,
  issued_on {date} not null,
  expires_on {date},
  party_id {id},
  document_id {id} not null,
  amount {long} not null check (amount > 0)
);
create index voucher_of_document on voucher (document_id);

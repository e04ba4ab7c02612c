-- What every function stands on: organisation, documents, ledger, audit, facts.
-- {id} {long} {date} {instant} {bool} {bytes} {serial} {tx} are the engine's types; sections are marked for one engine or both.
-- both

create table company (
  id {long} primary key check (id = 1),
  name text not null,
  currency text not null,
  exponent {long} not null,
  tax_rounding text not null default 'document' check (tax_rounding in ('document', 'line')),
  created_at {instant} not null
);

-- A change of master data moves the stamp of its area; caches of every node compare it in the transaction they serve.
create table config_stamp (
  area text primary key,
  stamp {long} not null
);
insert into config_stamp (area, stamp) values ('organisation', 1), ('catalogue', 1), ('security', 1), ('rules', 1), ('accounts', 1);

create table branch (
  id {id} primary key,
  code text not null unique,
  name text not null,
  time_zone text not null,
  region text not null default '',
  active {bool} not null default true,
  version {long} not null default 1
);

create table warehouse (
  id {id} primary key,
  branch_id {id} not null references branch (id),
  code text not null unique,
  name text not null,
  active {bool} not null default true,
  version {long} not null default 1
);

create table terminal (
  id {id} primary key,
  branch_id {id} not null references branch (id),
  warehouse_id {id} not null references warehouse (id),
  code text not null unique,
  name text not null,
  basis text not null default 'gross' check (basis in ('gross', 'net')),
  price_list_id {id},
  active {bool} not null default true,
  version {long} not null default 1
);

-- A shift of a till, a week of a timesheet, a billing run: whatever bundles documents.
create table work_session (
  id {id} primary key,
  kind text not null,
  branch_id {id} not null references branch (id),
  terminal_id {id} references terminal (id),
  number text not null unique,
  user_id {id} not null,
  state text not null check (state in ('open', 'counted', 'closed')),
  opened_at {instant} not null,
  closed_at {instant},
  version {long} not null default 1
);
create unique index one_open_shift_a_terminal on work_session (terminal_id) where kind = 'shift' and state <> 'closed';
create index work_session_by_branch on work_session (branch_id, opened_at);

create table number_series (
  id text primary key,
  prefix text not null,
  last_number {long} not null default 0,
  digits {long} not null default 6
);

create table reason (
  function text not null,
  action text not null,
  code text not null,
  label text not null,
  active {bool} not null default true,
  primary key (function, action, code)
);

create table document (
  id {id} primary key,
  number text,
  function text not null,
  kind text not null,
  branch_id {id} not null references branch (id),
  status text not null check (status in ('draft', 'submitted', 'approved', 'posted', 'closed', 'rejected', 'cancelled', 'reversal-requested', 'reversed')),
  version {long} not null default 1,
  business_date {date} not null,
  party_id {id},
  currency text not null,
  total {long} not null default 0,
  category_id {id},
  source_channel text not null default 'in-store',
  device_id text,
  session_id {id},
  source_document_id {id},
  created_at {instant} not null,
  created_by {id} not null,
  edited_by {id},
  submitted_at {instant},
  submitted_by {id},
  approved_at {instant},
  approved_by {id},
  posted_at {instant},
  posted_by {id},
  closed_at {instant},
  closed_by {id},
  reversed_at {instant},
  reversed_by {id},
  reversal_of {id},
  note text
);
create unique index document_number on document (function, kind, number);
create index document_by_date on document (function, business_date, id);
create index document_by_status on document (function, status, business_date);
create index document_by_session on document (session_id);
create index document_by_party on document (party_id, business_date);
create index document_of_source on document (source_document_id);

create table document_relation (
  from_id {id} not null,
  to_id {id} not null,
  relation text not null,
  primary key (from_id, to_id, relation)
);
create index document_relation_back on document_relation (to_id);

-- The ledger: units, accounts, transactions, entries, guarded balances, daily rollups, periods.

create table unit (
  id {serial},
  code text not null unique,
  scale {long} not null,
  kind text not null check (kind in ('currency', 'item', 'holding', 'memorandum'))
);

create table gl_account (
  code text primary key,
  name text not null,
  kind text not null check (kind in ('asset', 'liability', 'equity', 'income', 'expense', 'location', 'holding', 'memorandum')),
  contra {bool} not null default false,
  account_group text not null default '',
  active {bool} not null default true
);

create table account_rule (
  role text not null,
  branch_id text not null default '',
  category_id text not null default '',
  gl_code text not null references gl_account (code),
  primary key (role, branch_id, category_id)
);

create table account (
  id {serial},
  role text not null,
  gl_code text not null references gl_account (code),
  unit_id {long} not null references unit (id),
  subject text not null default '',
  open_item {bool} not null default false
);
create unique index account_key on account (role, gl_code, unit_id, subject);
create index account_by_unit on account (unit_id, role);
create index account_by_subject on account (subject, role);

-- only: sqlite
create table ledger_transaction (
  {tx},
  id text not null unique,
  document_id text not null,
  branch_id text not null,
  user_id text not null,
  session_id text,
  business_date text not null,
  posted_at text not null,
  reversal_of text,
  memo text
);
-- only: postgres
create table ledger_transaction (
  {tx},
  id uuid primary key,
  document_id uuid not null,
  branch_id uuid not null,
  user_id uuid not null,
  session_id uuid,
  business_date date not null,
  posted_at timestamptz not null,
  reversal_of uuid,
  memo text
);
create index ledger_transaction_tx on ledger_transaction (tx);
-- both
create index ledger_transaction_of_document on ledger_transaction (document_id);
create index ledger_transaction_by_date on ledger_transaction (business_date);
create unique index ledger_transaction_reversed_once on ledger_transaction (reversal_of) where reversal_of is not null;

-- only: sqlite
create table entry (
  transaction_id text not null references ledger_transaction (id) deferrable initially deferred,
  line integer not null,
  account_id integer not null references account (id),
  unit_id integer not null,
  amount integer not null check (typeof(amount) = 'integer'),
  business_date text not null,
  value_date text not null,
  primary key (transaction_id, line)
) without rowid;
-- only: postgres
create table entry (
  transaction_id uuid not null references ledger_transaction (id) deferrable initially deferred,
  line bigint not null,
  account_id bigint not null references account (id),
  unit_id bigint not null,
  amount bigint not null,
  business_date date not null,
  value_date date not null,
  primary key (transaction_id, line)
);
-- both
create index entry_of_account on entry (account_id, business_date);

-- A balance that is guarded: changed under lock with its entries. below_ok: a named permission let it pass its limit.
create table balance (
  account_id {long} primary key references account (id),
  amount {long} not null,
  lower_limit {long},
  upper_limit {long},
  below_ok {bool} not null default false,
  check (lower_limit is null or amount >= lower_limit or below_ok),
  check (upper_limit is null or amount <= upper_limit)
);

create table account_day (
  account_id {long} not null,
  business_date {date} not null,
  amount {long} not null,
  debit {long} not null,
  credit {long} not null,
  entries {long} not null,
  primary key (account_id, business_date)
);

create table watermark (
  name text primary key,
  tx {long} not null
);
insert into watermark (name, tx) values ('ledger', 0), ('fact', 0);

create table period (
  start_date {date} primary key,
  end_date {date} not null,
  state text not null check (state in ('open', 'soft', 'closed')),
  changed_at {instant},
  changed_by {id}
);

-- only: sqlite
-- "insert or replace" deletes without firing the delete triggers, so an insert over what stands is refused here.
create trigger transaction_never_replaced before insert on ledger_transaction
when exists (select 1 from ledger_transaction where id = new.id)
begin
  select raise(abort, 'LEDGER_APPEND_ONLY');
end;
create trigger transaction_balances before insert on ledger_transaction
when exists (select 1 from entry where transaction_id = new.id group by unit_id having sum(amount) <> 0)
  or not exists (select 1 from entry where transaction_id = new.id)
begin
  select raise(abort, 'LEDGER_UNBALANCED');
end;
create trigger entry_before_header before insert on entry
when exists (select 1 from ledger_transaction where id = new.transaction_id)
begin
  select raise(abort, 'LEDGER_TRANSACTION_COMPLETE');
end;
create trigger entry_unit_is_its_accounts before insert on entry
when new.unit_id <> (select unit_id from account where id = new.account_id)
begin
  select raise(abort, 'LEDGER_UNIT_MISMATCH');
end;
create trigger entry_never_updated before update on entry
begin
  select raise(abort, 'LEDGER_APPEND_ONLY');
end;
create trigger entry_never_deleted before delete on entry
begin
  select raise(abort, 'LEDGER_APPEND_ONLY');
end;
create trigger transaction_never_updated before update on ledger_transaction
begin
  select raise(abort, 'LEDGER_APPEND_ONLY');
end;
create trigger transaction_never_deleted before delete on ledger_transaction
begin
  select raise(abort, 'LEDGER_APPEND_ONLY');
end;
-- only: postgres
create function ledger_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'LEDGER_APPEND_ONLY' using errcode = 'P0001';
end
$$;
create function transaction_balances() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from entry where transaction_id = new.id)
     or exists (select 1 from entry where transaction_id = new.id group by unit_id having sum(amount) <> 0) then
    raise exception 'LEDGER_UNBALANCED' using errcode = 'P0001';
  end if;
  return new;
end
$$;
create function entry_checks() returns trigger language plpgsql as $$
begin
  if exists (select 1 from fresh f join ledger_transaction t on t.id = f.transaction_id) then
    raise exception 'LEDGER_TRANSACTION_COMPLETE' using errcode = 'P0001';
  end if;
  if exists (select 1 from fresh f join account a on a.id = f.account_id where a.unit_id <> f.unit_id) then
    raise exception 'LEDGER_UNIT_MISMATCH' using errcode = 'P0001';
  end if;
  return null;
end
$$;
create trigger transaction_balances before insert on ledger_transaction for each row execute function transaction_balances();
create trigger entry_checks after insert on entry referencing new table as fresh for each statement execute function entry_checks();
create trigger entry_never_updated before update or delete on entry for each row execute function ledger_append_only();
create trigger transaction_never_updated before update or delete on ledger_transaction for each row execute function ledger_append_only();
create trigger entry_never_truncated before truncate on entry for each statement execute function ledger_append_only();
create trigger transaction_never_truncated before truncate on ledger_transaction for each statement execute function ledger_append_only();
-- both

-- Audit: who did what to which object, before and after. Insert-only.
-- only: sqlite
create table audit_event (
  seq integer primary key autoincrement,
  id text not null unique,
  at text not null,
  user_id text,
  user_name text not null,
  roles text not null,
  branch_id text,
  device text,
  address text,
  function text not null,
  action text not null,
  object_kind text not null,
  object_id text,
  outcome text not null,
  before_hash text,
  after_hash text,
  diff text,
  reason text,
  reason_text text
);
create trigger audit_never_replaced before insert on audit_event
when exists (select 1 from audit_event where seq = new.seq or id = new.id)
begin
  select raise(abort, 'AUDIT_APPEND_ONLY');
end;
create trigger audit_never_updated before update on audit_event
begin
  select raise(abort, 'AUDIT_APPEND_ONLY');
end;
create trigger audit_never_deleted before delete on audit_event
begin
  select raise(abort, 'AUDIT_APPEND_ONLY');
end;
-- only: postgres
create table audit_event (
  seq bigint generated always as identity primary key,
  id uuid not null unique,
  at timestamptz not null,
  user_id uuid,
  user_name text not null,
  roles text not null,
  branch_id uuid,
  device text,
  address text,
  function text not null,
  action text not null,
  object_kind text not null,
  object_id uuid,
  outcome text not null,
  before_hash text,
  after_hash text,
  diff text,
  reason text,
  reason_text text
);
create function audit_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'AUDIT_APPEND_ONLY' using errcode = 'P0001';
end
$$;
create trigger audit_never_changed before update or delete on audit_event for each row execute function audit_append_only();
create trigger audit_never_truncated before truncate on audit_event for each statement execute function audit_append_only();
-- both
create index audit_of_object on audit_event (object_id, seq);
create index audit_by_user on audit_event (user_id, seq);

create table idempotency (
  user_id {id} not null,
  key text not null,
  request_hash text not null,
  status {long} not null,
  response text not null,
  at {instant} not null,
  primary key (user_id, key)
);
create index idempotency_by_age on idempotency (at);

-- Facts: one row a document (grain 0) and one a line (grain 1) for each lifecycle step that is counted.
-- m1..m6 and d1..d4 are the measures and dimensions that the function's description names.
create table fact (
  {tx},
  function text not null,
  kind text not null,
  event text not null,
  grain {long} not null,
  business_date {date} not null,
  hour {long} not null,
  branch_id {id} not null,
  user_id {id} not null,
  session_id {id},
  channel text not null,
  category_id {id},
  item_id {id},
  party_id {id},
  engagement_id {id},
  document_id {id} not null,
  count {long} not null,
  amount {long} not null,
  quantity {long} not null,
  cost {long} not null,
  minutes {long} not null,
  m1 {long} not null,
  m2 {long} not null,
  m3 {long} not null,
  m4 {long} not null,
  m5 {long} not null,
  m6 {long} not null,
  d1 text,
  d2 text,
  d3 text,
  d4 text
);
create index fact_by_date on fact (function, grain, business_date);
create index fact_of_document on fact (document_id);
-- only: postgres
create index fact_tx on fact (tx);
-- both

-- Facts summed by day behind the watermark 'fact'. Empty text stands for none, so that the key has no nulls.
create table fact_day (
  function text not null,
  kind text not null,
  event text not null,
  grain {long} not null,
  business_date {date} not null,
  hour {long} not null,
  branch_id {id} not null,
  user_id {id} not null,
  session_id text not null,
  channel text not null,
  category_id text not null,
  item_id text not null,
  d1 text not null,
  count {long} not null,
  amount {long} not null,
  quantity {long} not null,
  cost {long} not null,
  minutes {long} not null,
  m1 {long} not null,
  m2 {long} not null,
  m3 {long} not null,
  m4 {long} not null,
  m5 {long} not null,
  m6 {long} not null,
  primary key (function, grain, business_date, branch_id, kind, event, hour, user_id, session_id, channel, category_id, item_id, d1)
);

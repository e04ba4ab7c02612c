-- What reports read: line facts summed coarsely by day and by month, and the orders in which lists and timelines are read.
-- both

-- Line facts without hour, user, shift and own dimension, so that a report by item or category reads few rows.
create table fact_item_day (
  function text not null,
  business_date {date} not null,
  branch_id {id} not null,
  kind text not null,
  event text not null,
  channel text not null,
  category_id text not null,
  item_id text not null,
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
  primary key (function, business_date, branch_id, category_id, item_id, kind, event, channel)
);

-- The same by calendar month; business_date is its first day.
create table fact_item_month (
  function text not null,
  business_date {date} not null,
  branch_id {id} not null,
  kind text not null,
  event text not null,
  channel text not null,
  category_id text not null,
  item_id text not null,
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
  primary key (function, business_date, branch_id, category_id, item_id, kind, event, channel)
);

-- Facts summed before these tables were there are summed again.
delete from fact_day;
update watermark set tx = 0 where name = 'fact';

-- Numbers sort by their bytes on both engines, so that what begins alike stands together.
-- only: sqlite
create index document_by_number on document (function, coalesce(number, ''), id);
-- only: postgres
create index document_by_number on document (function, (coalesce(number, '') collate "C"), id);
-- both
create index audit_by_function on audit_event (function, seq);

-- Entries summed by month, so that a trial balance reads months of old days. business_date is the month's first day.
create table account_month (
  account_id {long} not null,
  business_date {date} not null,
  amount {long} not null,
  debit {long} not null,
  credit {long} not null,
  entries {long} not null,
  primary key (account_id, business_date)
);
create index account_day_by_date on account_day (business_date);
delete from account_day;
update watermark set tx = 0 where name = 'ledger';

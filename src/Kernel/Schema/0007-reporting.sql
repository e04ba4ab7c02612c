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

create index document_by_number on document (function, coalesce(number, ''), id);
create index audit_by_function on audit_event (function, seq);

-- Coarser sums, so that what is asked most reads few rows: whole documents by day and month, by day and hour, lines by category, entries by
-- account of the chart. They are filled from the sums that are there, and so stand behind the same watermarks.
-- A table of sums is read along its key: on SQLite it is kept in that order.
-- only: sqlite
alter table fact_day rename to fact_day_before;
create table fact_day (
  function text not null,
  grain {long} not null,
  business_date {date} not null,
  branch_id {id} not null,
  kind text not null,
  event text not null,
  hour {long} not null,
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
) without rowid;
insert into fact_day (function, grain, business_date, branch_id, kind, event, hour, user_id, session_id, channel, category_id, item_id, d1, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6) select function, grain, business_date, branch_id, kind, event, hour, user_id, session_id, channel, category_id, item_id, d1, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6 from fact_day_before;
drop table fact_day_before;
alter table fact_item_day rename to fact_item_day_before;
create table fact_item_day (
  function text not null,
  business_date {date} not null,
  branch_id {id} not null,
  category_id text not null,
  item_id text not null,
  kind text not null,
  event text not null,
  channel text not null,
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
) without rowid;
insert into fact_item_day (function, business_date, branch_id, category_id, item_id, kind, event, channel, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6) select function, business_date, branch_id, category_id, item_id, kind, event, channel, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6 from fact_item_day_before;
drop table fact_item_day_before;
alter table fact_item_month rename to fact_item_month_before;
create table fact_item_month (
  function text not null,
  business_date {date} not null,
  branch_id {id} not null,
  category_id text not null,
  item_id text not null,
  kind text not null,
  event text not null,
  channel text not null,
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
) without rowid;
insert into fact_item_month (function, business_date, branch_id, category_id, item_id, kind, event, channel, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6) select function, business_date, branch_id, category_id, item_id, kind, event, channel, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6 from fact_item_month_before;
drop table fact_item_month_before;

create table fact_document_day (
  function text not null,
  business_date {date} not null,
  branch_id {id} not null,
  kind text not null,
  event text not null,
  user_id {id} not null,
  channel text not null,
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
  primary key (function, business_date, branch_id, kind, event, user_id, channel, d1)
) without rowid;
insert into fact_document_day (function, business_date, branch_id, kind, event, user_id, channel, d1, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6)
  select function, business_date, branch_id, kind, event, user_id, channel, d1, sum(count), sum(amount), sum(quantity), sum(cost), sum(minutes), sum(m1), sum(m2), sum(m3), sum(m4), sum(m5), sum(m6) from fact_day where grain = 0 group by 1, 2, 3, 4, 5, 6, 7, 8;
create table fact_document_month (
  function text not null,
  business_date {date} not null,
  branch_id {id} not null,
  kind text not null,
  event text not null,
  user_id {id} not null,
  channel text not null,
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
  primary key (function, business_date, branch_id, kind, event, user_id, channel, d1)
) without rowid;
insert into fact_document_month (function, business_date, branch_id, kind, event, user_id, channel, d1, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6)
  select function, date(business_date, 'start of month'), branch_id, kind, event, user_id, channel, d1, sum(count), sum(amount), sum(quantity), sum(cost), sum(minutes), sum(m1), sum(m2), sum(m3), sum(m4), sum(m5), sum(m6) from fact_day where grain = 0 group by 1, 2, 3, 4, 5, 6, 7, 8;
create table fact_hour_day (
  function text not null,
  business_date {date} not null,
  branch_id {id} not null,
  kind text not null,
  event text not null,
  hour {long} not null,
  channel text not null,
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
  primary key (function, business_date, branch_id, kind, event, hour, channel)
) without rowid;
insert into fact_hour_day (function, business_date, branch_id, kind, event, hour, channel, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6)
  select function, business_date, branch_id, kind, event, hour, channel, sum(count), sum(amount), sum(quantity), sum(cost), sum(minutes), sum(m1), sum(m2), sum(m3), sum(m4), sum(m5), sum(m6) from fact_day where grain = 0 group by 1, 2, 3, 4, 5, 6, 7;
create table fact_category_day (
  function text not null,
  business_date {date} not null,
  branch_id {id} not null,
  category_id text not null,
  kind text not null,
  event text not null,
  channel text not null,
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
  primary key (function, business_date, branch_id, category_id, kind, event, channel)
) without rowid;
insert into fact_category_day (function, business_date, branch_id, category_id, kind, event, channel, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6)
  select function, business_date, branch_id, category_id, kind, event, channel, sum(count), sum(amount), sum(quantity), sum(cost), sum(minutes), sum(m1), sum(m2), sum(m3), sum(m4), sum(m5), sum(m6) from fact_item_day group by 1, 2, 3, 4, 5, 6, 7;
create table fact_category_month (
  function text not null,
  business_date {date} not null,
  branch_id {id} not null,
  category_id text not null,
  kind text not null,
  event text not null,
  channel text not null,
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
  primary key (function, business_date, branch_id, category_id, kind, event, channel)
) without rowid;
insert into fact_category_month (function, business_date, branch_id, category_id, kind, event, channel, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6)
  select function, business_date, branch_id, category_id, kind, event, channel, sum(count), sum(amount), sum(quantity), sum(cost), sum(minutes), sum(m1), sum(m2), sum(m3), sum(m4), sum(m5), sum(m6) from fact_item_month group by 1, 2, 3, 4, 5, 6, 7;

create table chart_day (
  gl_code text not null,
  unit_id {long} not null,
  business_date {date} not null,
  amount {long} not null,
  debit {long} not null,
  credit {long} not null,
  entries {long} not null,
  primary key (gl_code, unit_id, business_date)
) without rowid;
insert into chart_day (gl_code, unit_id, business_date, amount, debit, credit, entries)
  select a.gl_code, a.unit_id, s.business_date, sum(s.amount), sum(s.debit), sum(s.credit), sum(s.entries)
  from account_day s join account a on a.id = s.account_id join gl_account g on g.code = a.gl_code
  where g.kind in ('asset', 'liability', 'equity', 'income', 'expense') group by a.gl_code, a.unit_id, s.business_date;
create table chart_month (
  gl_code text not null,
  unit_id {long} not null,
  business_date {date} not null,
  amount {long} not null,
  debit {long} not null,
  credit {long} not null,
  entries {long} not null,
  primary key (gl_code, unit_id, business_date)
) without rowid;
insert into chart_month (gl_code, unit_id, business_date, amount, debit, credit, entries)
  select a.gl_code, a.unit_id, s.business_date, sum(s.amount), sum(s.debit), sum(s.credit), sum(s.entries)
  from account_month s join account a on a.id = s.account_id join gl_account g on g.code = a.gl_code
  where g.kind in ('asset', 'liability', 'equity', 'income', 'expense') group by a.gl_code, a.unit_id, s.business_date;

-- A list in an order of its own, and a count of all, read the index alone.
drop index document_by_date;
create index document_by_date on document (function, business_date, id, total, branch_id);
-- only: postgres

create table fact_document_day (
  function text not null,
  business_date {date} not null,
  branch_id {id} not null,
  kind text not null,
  event text not null,
  user_id {id} not null,
  channel text not null,
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
  primary key (function, business_date, branch_id, kind, event, user_id, channel, d1)
);
insert into fact_document_day (function, business_date, branch_id, kind, event, user_id, channel, d1, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6)
  select function, business_date, branch_id, kind, event, user_id, channel, d1, sum(count), sum(amount), sum(quantity), sum(cost), sum(minutes), sum(m1), sum(m2), sum(m3), sum(m4), sum(m5), sum(m6) from fact_day where grain = 0 group by 1, 2, 3, 4, 5, 6, 7, 8;
create table fact_document_month (
  function text not null,
  business_date {date} not null,
  branch_id {id} not null,
  kind text not null,
  event text not null,
  user_id {id} not null,
  channel text not null,
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
  primary key (function, business_date, branch_id, kind, event, user_id, channel, d1)
);
insert into fact_document_month (function, business_date, branch_id, kind, event, user_id, channel, d1, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6)
  select function, date_trunc('month', business_date::timestamp)::date, branch_id, kind, event, user_id, channel, d1, sum(count), sum(amount), sum(quantity), sum(cost), sum(minutes), sum(m1), sum(m2), sum(m3), sum(m4), sum(m5), sum(m6) from fact_day where grain = 0 group by 1, 2, 3, 4, 5, 6, 7, 8;
create table fact_hour_day (
  function text not null,
  business_date {date} not null,
  branch_id {id} not null,
  kind text not null,
  event text not null,
  hour {long} not null,
  channel text not null,
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
  primary key (function, business_date, branch_id, kind, event, hour, channel)
);
insert into fact_hour_day (function, business_date, branch_id, kind, event, hour, channel, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6)
  select function, business_date, branch_id, kind, event, hour, channel, sum(count), sum(amount), sum(quantity), sum(cost), sum(minutes), sum(m1), sum(m2), sum(m3), sum(m4), sum(m5), sum(m6) from fact_day where grain = 0 group by 1, 2, 3, 4, 5, 6, 7;
create table fact_category_day (
  function text not null,
  business_date {date} not null,
  branch_id {id} not null,
  category_id text not null,
  kind text not null,
  event text not null,
  channel text not null,
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
  primary key (function, business_date, branch_id, category_id, kind, event, channel)
);
insert into fact_category_day (function, business_date, branch_id, category_id, kind, event, channel, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6)
  select function, business_date, branch_id, category_id, kind, event, channel, sum(count), sum(amount), sum(quantity), sum(cost), sum(minutes), sum(m1), sum(m2), sum(m3), sum(m4), sum(m5), sum(m6) from fact_item_day group by 1, 2, 3, 4, 5, 6, 7;
create table fact_category_month (
  function text not null,
  business_date {date} not null,
  branch_id {id} not null,
  category_id text not null,
  kind text not null,
  event text not null,
  channel text not null,
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
  primary key (function, business_date, branch_id, category_id, kind, event, channel)
);
insert into fact_category_month (function, business_date, branch_id, category_id, kind, event, channel, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6)
  select function, business_date, branch_id, category_id, kind, event, channel, sum(count), sum(amount), sum(quantity), sum(cost), sum(minutes), sum(m1), sum(m2), sum(m3), sum(m4), sum(m5), sum(m6) from fact_item_month group by 1, 2, 3, 4, 5, 6, 7;

create table chart_day (
  gl_code text not null,
  unit_id {long} not null,
  business_date {date} not null,
  amount {long} not null,
  debit {long} not null,
  credit {long} not null,
  entries {long} not null,
  primary key (gl_code, unit_id, business_date)
);
insert into chart_day (gl_code, unit_id, business_date, amount, debit, credit, entries)
  select a.gl_code, a.unit_id, s.business_date, sum(s.amount), sum(s.debit), sum(s.credit), sum(s.entries)
  from account_day s join account a on a.id = s.account_id join gl_account g on g.code = a.gl_code
  where g.kind in ('asset', 'liability', 'equity', 'income', 'expense') group by a.gl_code, a.unit_id, s.business_date;
create table chart_month (
  gl_code text not null,
  unit_id {long} not null,
  business_date {date} not null,
  amount {long} not null,
  debit {long} not null,
  credit {long} not null,
  entries {long} not null,
  primary key (gl_code, unit_id, business_date)
);
insert into chart_month (gl_code, unit_id, business_date, amount, debit, credit, entries)
  select a.gl_code, a.unit_id, s.business_date, sum(s.amount), sum(s.debit), sum(s.credit), sum(s.entries)
  from account_month s join account a on a.id = s.account_id join gl_account g on g.code = a.gl_code
  where g.kind in ('asset', 'liability', 'equity', 'income', 'expense') group by a.gl_code, a.unit_id, s.business_date;

-- A list in an order of its own, and a count of all, read the index alone.
drop index document_by_date;
create index document_by_date on document (function, business_date, id) include (total, branch_id);

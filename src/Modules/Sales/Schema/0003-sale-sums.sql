-- What named reports read: sales and payments summed by day, shift, person and channel behind the watermark 'pos-sale'.
-- both

-- user_id is who rang the sale up, also of its reversal. Mirror is 1 for reversals. Seconds, and the units sold in them, are of sales that told
-- both. Receipts stand as their sequence and a million millions, 13 digits, with the number behind them, so that texts sort as sequences do.
create table pos_sale_day (
  business_date {date} not null,
  branch_id {id} not null,
  session_id text not null,
  user_id {id} not null,
  channel text not null,
  kind text not null,
  mirror {long} not null,
  count {long} not null,
  net {long} not null,
  timed_units {long} not null,
  seconds {long} not null,
  overrides {long} not null,
  first_receipt text,
  last_receipt text,
  primary key (business_date, branch_id, session_id, user_id, channel, kind, mirror)
);
create index pos_sale_day_of_session on pos_sale_day (session_id);

-- user_id is who posted the document itself. Amounts have the sign of the document.
create table pos_tender_day (
  business_date {date} not null,
  branch_id {id} not null,
  session_id text not null,
  user_id {id} not null,
  channel text not null,
  method text not null,
  kind text not null,
  mirror {long} not null,
  count {long} not null,
  amount {long} not null,
  change {long} not null,
  primary key (business_date, branch_id, session_id, user_id, channel, method, kind, mirror)
);

insert into watermark (name, tx) values ('pos-sale', 0);

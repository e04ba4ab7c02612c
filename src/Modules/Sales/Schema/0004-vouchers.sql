-- Vouchers that nobody paid for, as they were asked for; the voucher itself is made when its document is posted. And a way to find those that expire.
-- both

create table pos_voucher_issue (
  document_id {id} primary key references document (id) deferrable initially deferred,
  voucher_id {id} not null,
  code text not null unique,
  purpose text not null check (purpose in ('redress', 'reward')),
  amount {long} not null check (amount > 0),
  reason text not null,
  expires_on {date}
);

create index voucher_by_expiry on voucher (expires_on) where expires_on is not null;

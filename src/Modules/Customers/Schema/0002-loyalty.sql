-- Loyalty: programmes by version, members, lots of points beside the ledger with every change of them, what sales earned and used, runs.
-- both

-- terms: as entered, JSON. revision counts the versions of a code; only one is active.
create table loyalty_programme (
  document_id {id} primary key references document (id) deferrable initially deferred,
  code text not null,
  name text not null,
  revision {long} not null,
  terms text not null,
  active {bool} not null default false
);
create unique index loyalty_programme_active on loyalty_programme (code) where active;
create index loyalty_programme_by_code on loyalty_programme (code, revision);

-- A member's id is that of the enrolment. terms_id: the version that was accepted. debt: points taken back that were spent already.
create table loyalty_member (
  id {id} primary key references document (id) deferrable initially deferred,
  programme text not null,
  party_id {id} not null,
  card text,
  enrolled_on {date} not null,
  terms_id {id} not null,
  active {bool} not null default false,
  debt {long} not null default 0 check (debt >= 0),
  tier text,
  tier_until {date},
  last_movement_on {date}
);
create unique index loyalty_member_once on loyalty_member (party_id) where active;
create unique index loyalty_member_card on loyalty_member (card) where active and card is not null;
create index loyalty_member_of_programme on loyalty_member (programme, id);

-- Points that were given together and lapse together; pending ones cannot be used before usable_on.
create table loyalty_lot (
  id {id} primary key,
  member_id {id} not null,
  document_id {id} not null,
  issued_on {date} not null,
  expires_on {date},
  usable_on {date} not null,
  pending {bool} not null default false,
  points_left {long} not null check (points_left >= 0)
);
create index loyalty_lot_of_member on loyalty_lot (member_id, issued_on);
create index loyalty_lot_expiring on loyalty_lot (expires_on) where points_left > 0 and expires_on is not null;
create index loyalty_lot_pending on loyalty_lot (usable_on) where pending;

-- Every change of a lot, or of the debt where there is no lot: their sums are what is left, and less the debt.
create table loyalty_movement (
  id {id} primary key,
  member_id {id} not null,
  lot_id {id},
  document_id {id} not null,
  kind text not null,
  points {long} not null,
  business_date {date} not null
);
create index loyalty_movement_of_member on loyalty_movement (member_id, business_date, id);
create index loyalty_movement_of_document on loyalty_movement (document_id);
create index loyalty_movement_of_lot on loyalty_movement (lot_id);

-- What a sale earned and used, with the version and the factor that a return reckons with again; its mirror stands beside it with signs turned.
create table loyalty_sale (
  document_id {id} primary key references document (id) deferrable initially deferred,
  member_id {id} not null,
  programme_id {id} not null,
  business_date {date} not null,
  tier_factor {long} not null,
  eligible {long} not null,
  earned {long} not null,
  redeemed {long} not null,
  paid {long} not null,
  clawed_back {long} not null default 0,
  restored {long} not null default 0,
  balance {long} not null
);
create index loyalty_sale_of_member on loyalty_sale (member_id, business_date);

create table loyalty_rule_points (
  document_id {id} not null,
  member_id {id} not null,
  business_date {date} not null,
  rule text not null,
  points {long} not null,
  primary key (document_id, rule)
);
create index loyalty_rule_points_of_member on loyalty_rule_points (member_id, business_date);

-- Revenue deferred for points (above zero) and recognised (below zero), by programme and month of issue.
create table loyalty_deferral (
  document_id {id} not null,
  programme text not null,
  cohort {date} not null,
  kind text not null check (kind in ('deferred', 'recognised')),
  amount {long} not null
);
create index loyalty_deferral_of_document on loyalty_deferral (document_id);
create index loyalty_deferral_of_cohort on loyalty_deferral (programme, cohort);

create table loyalty_adjustment (
  document_id {id} primary key references document (id) deferrable initially deferred,
  member_id {id} not null,
  to_member_id {id},
  points {long} not null check (points <> 0),
  reason text not null,
  expires_on {date}
);

create table loyalty_run (
  document_id {id} primary key references document (id) deferrable initially deferred,
  run_kind text not null,
  run_on {date} not null,
  done {long} not null,
  active {bool} not null
);
create unique index loyalty_run_once on loyalty_run (run_kind, run_on) where active;

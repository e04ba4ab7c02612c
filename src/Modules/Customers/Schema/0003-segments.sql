-- Segments of customers: versions of their rules, who was in them when, scores by recency, frequency and money, and expected value.
-- both

-- What a segment is whatever its version: the version in force, when it is to be looked at next, and how large it was.
create table segment (
  id {id} primary key,
  code text not null unique,
  current_id {id},
  due_at {instant},
  refreshed_at {instant},
  refreshed_on {date},
  members {long} not null default 0
);
create index segment_due on segment (due_at) where due_at is not null;

create table segment_version (
  document_id {id} primary key references document (id) deferrable initially deferred,
  segment_id {id} not null references segment (id),
  version {long} not null,
  name text not null,
  type text not null check (type in ('rule', 'rfm', 'predicted')),
  definition text not null,
  refresh text not null check (refresh in ('daily', 'hourly', 'manual')),
  purpose text,
  colour text not null
);
create unique index segment_version_once on segment_version (segment_id, version);

-- Who was in when: a row is closed and never written over. from_at is included, to_at is not.
create table segment_member (
  segment_id {id} not null,
  party_id {id} not null,
  from_at {instant} not null,
  to_at {instant},
  primary key (segment_id, party_id, from_at)
);
create unique index segment_member_now on segment_member (segment_id, party_id) where to_at is null;
create index segment_member_of_party on segment_member (party_id) where to_at is null;
create index segment_member_entered on segment_member (segment_id, from_at, party_id);
create index segment_member_left on segment_member (segment_id, to_at, party_id) where to_at is not null;

-- What a run has found, while it runs.
create table segment_hit (
  run_id {id} not null,
  party_id {id} not null,
  primary key (run_id, party_id)
);

create table segment_refresh (
  document_id {id} primary key references document (id) deferrable initially deferred,
  segment_id {id} not null,
  version_id {id} not null,
  as_of {date} not null,
  evaluated {long} not null,
  entered {long} not null,
  left_ {long} not null,
  members {long} not null,
  milliseconds {long} not null
);
create index segment_refresh_of_segment on segment_refresh (segment_id, as_of);

create table rfm_model (
  document_id {id} primary key references document (id) deferrable initially deferred,
  version {long} not null unique,
  active {bool} not null default false,
  model text not null
);
create unique index rfm_model_active on rfm_model (active) where active;

-- The scores of customers as dated rows; net is what the scores were told from when the row began.
create table rfm_standing (
  party_id {id} not null,
  from_at {instant} not null,
  to_at {instant},
  r {long} not null,
  f {long} not null,
  m {long} not null,
  cell text not null,
  net {long} not null,
  primary key (party_id, from_at)
);
create unique index rfm_standing_now on rfm_standing (party_id) where to_at is null;
create index rfm_standing_began on rfm_standing (from_at, party_id);

create table rfm_hit (
  run_id {id} not null,
  party_id {id} not null,
  r {long} not null,
  f {long} not null,
  m {long} not null,
  cell text not null,
  net {long} not null,
  primary key (run_id, party_id)
);

-- Parameters are texts that give binary fractions back exactly; rates and purchases are millionths.
create table value_model (
  document_id {id} primary key references document (id) deferrable initially deferred,
  version {long} not null unique,
  active {bool} not null default false,
  parameters text not null,
  fitted_on {date} not null,
  log_likelihood text not null,
  customers {long} not null,
  repeat_customers {long} not null,
  holdout_error {long},
  horizon_months {long} not null,
  monthly_rate {long} not null
);
create unique index value_model_active on value_model (active) where active;

create table customer_value (
  party_id {id} primary key,
  as_of {date} not null,
  repeats {long} not null,
  alive {long} not null,
  purchases {long} not null,
  spend {long} not null,
  expected {long} not null
);

-- A sale that was reversed never was; customers that are one count as one.
create index document_reversed on document (reversal_of, business_date) where reversal_of is not null;
create index party_merged on party (id, canonical_id) where state = 'merged';

-- The day whose scores are told; one row.
create table rfm_run (done_on {date});
insert into rfm_run (done_on) values (null);

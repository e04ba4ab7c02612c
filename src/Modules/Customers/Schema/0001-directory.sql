-- The customer directory: what is kept of a customer beside the party that it stands on, its versions, consents, blocks, and who opened whose data.
-- A customer is a document with the id of its party; whoever becomes a customer elsewhere (at a till, by a file) becomes a document here by trigger.
-- both

create table customer_group (
  id {id} primary key,
  code text not null unique,
  name text not null,
  active {bool} not null default true,
  version {long} not null default 1
);

-- options: the values of a choice, one a line.
create table customer_attribute (
  id {id} primary key,
  code text not null unique,
  name text not null,
  type text not null check (type in ('text', 'number', 'date', 'boolean', 'choice')),
  options text not null default '',
  active {bool} not null default true,
  version {long} not null default 1
);

-- One row for each customer, as it stands, and one for each change, as it was asked for: of_id names the customer of a change.
-- Of a customer who was never changed here the party says name, tax identifier, country and price list.
create table customer (
  document_id {id} primary key,
  of_id {id},
  version_no {long} not null default 1,
  controlled {bool} not null default false,
  party_type text,
  display_name text,
  given_name text,
  family_name text,
  legal_name text,
  trading_name text,
  birth_date {date},
  tax_id text,
  tax_country text,
  language text,
  group_id {id} references customer_group (id),
  price_list_id {id},
  payment_terms text,
  sales_rep_id {id},
  parent_id {id},
  household_id {id},
  acquired_on {date} not null,
  source text not null
);
create index customer_changes on customer (of_id) where of_id is not null;
create index customer_of_parent on customer (parent_id) where parent_id is not null;
create index customer_of_group on customer (group_id) where group_id is not null;
create index customer_acquired on customer (acquired_on) where of_id is null;

-- normal: an e-mail in small letters, a telephone number as E.164; empty when it could not be read, and then it matches nothing.
create table customer_contact (
  document_id {id} not null,
  line {long} not null,
  type text not null check (type in ('phone', 'email', 'address')),
  purpose text not null,
  value text not null,
  normal text not null default '',
  is_primary {bool} not null,
  person text,
  postcode text,
  country text,
  verified_at {instant},
  primary key (document_id, line)
);
create index customer_contact_by_value on customer_contact (type, normal) where normal <> '';

-- held: it is this customer's now; a draft and a change only ask for it.
create table customer_identifier (
  document_id {id} not null,
  line {long} not null,
  scheme text not null,
  value text not null,
  held {bool} not null,
  primary key (document_id, line)
);
create unique index customer_identifier_once on customer_identifier (scheme, value) where held;

create table customer_relation (
  document_id {id} not null,
  line {long} not null,
  party_id {id} not null,
  role text not null,
  primary key (document_id, line)
);
create index customer_relation_back on customer_relation (party_id);

create table customer_attribute_value (
  document_id {id} not null,
  attribute_id {id} not null references customer_attribute (id),
  value text not null,
  primary key (document_id, attribute_id)
);

create table customer_block (
  document_id {id} primary key,
  blocks {bool} not null,
  reason text not null
);

-- Consents are added and never changed: the last of a purpose and channel counts, until it expires.
create table customer_consent (
  document_id {id} primary key,
  party_id {id} not null,
  purpose text not null,
  channel text not null,
  granted {bool} not null,
  at {instant} not null,
  source text not null,
  evidence text not null,
  expires_on {date}
);
create index customer_consent_of on customer_consent (party_id, purpose, channel, at);
create index customer_consent_expiring on customer_consent (expires_on) where expires_on is not null;

-- Whose personal data somebody has opened on a day; one row however often.
create table customer_view (
  user_id {id} not null,
  day {date} not null,
  opened_id {id} not null,
  primary key (user_id, day, opened_id)
);

-- Those who are customers already.
insert into document (id, number, function, kind, branch_id, status, business_date, currency, created_at, created_by, submitted_at, submitted_by, approved_at, approved_by, posted_at, posted_by)
-- only: sqlite
select p.id, p.number, 'customers.directory', 'customer', b.id, 'posted', substr(p.created_at, 1, 10), c.currency,
-- only: postgres
select p.id, p.number, 'customers.directory', 'customer', b.id, 'posted', cast(p.created_at at time zone 'UTC' as date), c.currency,
-- both
  p.created_at, '00000000-0000-7000-8000-000000000001', p.created_at, '00000000-0000-7000-8000-000000000001', p.created_at, '00000000-0000-7000-8000-000000000001', p.created_at, '00000000-0000-7000-8000-000000000001'
from party_role r join party p on p.id = r.party_id, company c, (select id from branch order by code limit 1) b
where r.role = 'customer' and p.state in ('active', 'blocked');
insert into customer (document_id, acquired_on, source) select id, business_date, 'existing' from document where function = 'customers.directory';
insert into fact (function, kind, event, grain, business_date, hour, branch_id, user_id, channel, document_id, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6, d1)
select function, kind, 'posted', 0, business_date, 0, branch_id, posted_by, source_channel, id, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'existing' from document where function = 'customers.directory';

-- only: sqlite
create trigger customer_of_party after insert on party_role
when new.role = 'customer' and not exists (select 1 from document where id = new.party_id)
begin
  insert into document (id, number, function, kind, branch_id, status, business_date, currency, created_at, created_by, submitted_at, submitted_by, approved_at, approved_by, posted_at, posted_by)
  select p.id, p.number, 'customers.directory', 'customer', b.id, 'posted', substr(p.created_at, 1, 10), c.currency,
    p.created_at, s.id, p.created_at, s.id, p.created_at, s.id, p.created_at, s.id
  from party p, company c, (select id from branch order by code limit 1) b, (select '00000000-0000-7000-8000-000000000001' id) s where p.id = new.party_id;
  insert into customer (document_id, acquired_on, source) select id, business_date, 'existing' from document where id = new.party_id;
  insert into fact (function, kind, event, grain, business_date, hour, branch_id, user_id, channel, document_id, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6, d1)
  select function, kind, 'posted', 0, business_date, 0, branch_id, posted_by, source_channel, id, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'existing' from document where id = new.party_id;
end;
create trigger customer_number_of_party after update of number on party when new.number <> old.number
begin
  update document set number = new.number where id = new.id and function = 'customers.directory' and kind = 'customer';
end;
create trigger customer_gone_with_party after delete on party
begin
  insert into fact (function, kind, event, grain, business_date, hour, branch_id, user_id, channel, document_id, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6, d1)
  select function, kind, 'reversed', 0, business_date, 0, branch_id, posted_by, source_channel, id, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'existing' from document where id = old.id and function = 'customers.directory';
  delete from customer where document_id = old.id;
  delete from document where id = old.id and function = 'customers.directory' and kind = 'customer';
end;

-- only: postgres
create function customers_of_parties() returns trigger language plpgsql as $$
declare
  made_by constant uuid := '00000000-0000-7000-8000-000000000001';
begin
  with made as (
    insert into document (id, number, function, kind, branch_id, status, business_date, currency, created_at, created_by, submitted_at, submitted_by, approved_at, approved_by, posted_at, posted_by)
    select p.id, p.number, 'customers.directory', 'customer', b.id, 'posted', cast(p.created_at at time zone 'UTC' as date), c.currency,
      p.created_at, made_by, p.created_at, made_by, p.created_at, made_by, p.created_at, made_by
    from fresh f join party p on p.id = f.party_id, company c, (select id from branch order by code limit 1) b
    where f.role = 'customer' and not exists (select 1 from document d where d.id = p.id)
    returning id, business_date, branch_id, source_channel
  ), kept as (
    insert into customer (document_id, acquired_on, source) select id, business_date, 'existing' from made
  )
  insert into fact (function, kind, event, grain, business_date, hour, branch_id, user_id, channel, document_id, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6, d1)
  select 'customers.directory', 'customer', 'posted', 0, business_date, 0, branch_id, made_by, source_channel, id, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'existing' from made;
  return null;
end $$;
create trigger customer_of_party after insert on party_role referencing new table as fresh for each statement execute function customers_of_parties();
create function customer_number_of_party() returns trigger language plpgsql as $$
begin
  update document set number = new.number where id = new.id and function = 'customers.directory' and kind = 'customer';
  return null;
end $$;
create trigger customer_number_of_party after update of number on party for each row when (new.number <> old.number) execute function customer_number_of_party();
create function customers_gone_with_parties() returns trigger language plpgsql as $$
begin
  insert into fact (function, kind, event, grain, business_date, hour, branch_id, user_id, channel, document_id, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6, d1)
  select d.function, d.kind, 'reversed', 0, d.business_date, 0, d.branch_id, d.posted_by, d.source_channel, d.id, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'existing'
  from gone g join document d on d.id = g.id where d.function = 'customers.directory';
  delete from customer c using gone g where c.document_id = g.id;
  delete from document d using gone g where d.id = g.id and d.function = 'customers.directory' and d.kind = 'customer';
  return null;
end $$;
create trigger customer_gone_with_party after delete on party referencing old table as gone for each statement execute function customers_gone_with_parties();

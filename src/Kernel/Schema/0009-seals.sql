-- Sealed blocks over the audit trail and the ledger.
-- only: postgres
-- By this the sealing knows behind which events no other can still appear: sequence numbers do not tell.
alter table audit_event add column tx bigint not null default (pg_current_xact_id()::text::bigint);
create index audit_by_tx on audit_event (tx, seq);
-- both

insert into watermark (name, tx) values ('audit', 0), ('audit-ledger', 0);

-- Leaves: id (16 bytes), hash (32), number of parts (4), parts (4 each), one behind the other; events, then transactions.
create table seal_block (
  number {long} primary key,
  sealed_at {instant} not null,
  events {long} not null,
  first_seq {long} not null,
  last_seq {long} not null,
  transactions {long} not null,
  first_transaction {id},
  last_transaction {id},
  root text not null,
  previous text not null unique,
  hash text not null unique,
  event_leaves {bytes} not null,
  transaction_leaves {bytes} not null
);
create index seal_block_by_event on seal_block (last_seq);

-- only: sqlite
create trigger seal_never_replaced before insert on seal_block
when exists (select 1 from seal_block where number = new.number or hash = new.hash or previous = new.previous)
begin
  select raise(abort, 'AUDIT_APPEND_ONLY');
end;
create trigger seal_never_updated before update on seal_block
begin
  select raise(abort, 'AUDIT_APPEND_ONLY');
end;
create trigger seal_never_deleted before delete on seal_block
begin
  select raise(abort, 'AUDIT_APPEND_ONLY');
end;
-- only: postgres
create trigger seal_never_changed before update or delete on seal_block for each row execute function audit_append_only();
create trigger seal_never_truncated before truncate on seal_block for each statement execute function audit_append_only();

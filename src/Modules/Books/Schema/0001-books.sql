-- Books: journals with their lines, opening balances in force, recurring journals, closes of years, sums by branch, and files beside documents.
-- both

create table book_journal (
  document_id {id} primary key references document (id) deferrable initially deferred,
  text text not null,
  reverse_on {date},
  template_id {id},
  due_on {date},
  reversal_stuck {bool} not null default false
);
-- One journal for each day on which a recurring one is due, whoever makes it.
create unique index book_journal_of_template on book_journal (template_id, due_on) where template_id is not null;
create index book_journal_to_reverse on book_journal (reverse_on) where reverse_on is not null;

create table book_journal_line (
  document_id {id} not null,
  line {long} not null,
  account text not null,
  role text not null,
  subject text not null default '',
  branch_id {id} not null,
  amount {long} not null check (amount <> 0),
  text text not null default '',
  primary key (document_id, line)
);

-- Opening balances that are in force: one for a branch and day.
create table book_opening (
  document_id {id} not null,
  branch_id {id} not null,
  opened_on {date} not null,
  active {bool} not null,
  primary key (document_id, branch_id)
);
create unique index book_opening_once on book_opening (branch_id, opened_on) where active;

-- next_on is null once it has ended or was stopped; stuck_on is the day that could not be posted, told once.
create table book_recurring (
  document_id {id} primary key references document (id) deferrable initially deferred,
  every {long} not null check (every > 0),
  unit text not null check (unit in ('week', 'month')),
  starts_on {date} not null,
  ends_on {date},
  times {long},
  made {long} not null default 0,
  next_on {date},
  stuck_on {date}
);
create index book_recurring_due on book_recurring (next_on) where next_on is not null;

create table book_year_end (
  document_id {id} primary key references document (id) deferrable initially deferred,
  first_day {date} not null,
  last_day {date} not null,
  active {bool} not null default false
);
create unique index book_year_end_once on book_year_end (last_day) where active;

create table book_year_end_line (
  document_id {id} not null,
  branch_id {id} not null,
  account text not null,
  amount {long} not null,
  primary key (document_id, branch_id, account)
);

-- Entries of the accounts of the statements by branch, behind the watermark 'books'. closing: 1 for what the close of a year booked.
create table book_day (
  business_date {date} not null,
  branch_id {id} not null,
  gl_code text not null,
  unit_id {long} not null,
  closing {long} not null,
  amount {long} not null,
  debit {long} not null,
  credit {long} not null,
  entries {long} not null,
  primary key (business_date, branch_id, gl_code, unit_id, closing)
);
create table book_month (
  business_date {date} not null,
  branch_id {id} not null,
  gl_code text not null,
  unit_id {long} not null,
  closing {long} not null,
  amount {long} not null,
  debit {long} not null,
  credit {long} not null,
  entries {long} not null,
  primary key (business_date, branch_id, gl_code, unit_id, closing)
);
insert into watermark (name, tx) values ('books', 0);

-- Files beside documents of any function; they are in the database, so that a backup has them.
create table attachment (
  id {id} primary key,
  document_id {id} not null references document (id) deferrable initially deferred,
  name text not null,
  media_type text not null,
  size {long} not null,
  sha256 text not null,
  content {bytes} not null,
  added_at {instant} not null,
  added_by {id} not null
);
create index attachment_of_document on attachment (document_id, added_at);
